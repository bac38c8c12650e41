"""`python -m ringfinder`: the command line."""

from ringfinder.cli import main

if __name__ == "__main__":
    main()
