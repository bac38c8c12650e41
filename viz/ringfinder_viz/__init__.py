"""Pictures of a ring that travel: one HTML file to explore, SVG and PNG to put into a document, a cell in a notebook.

    a ring of a run ─> scene (who, where, joined by what) ─> page   pyvis: one HTML file, and the ring in words around it
                                                          ─> vector SVG, with title and legend
                                                          ─> raster PNG, the same by matplotlib

All three draw one scene, in which every place is computed from the members: the same ring gives the same bytes.
"""
