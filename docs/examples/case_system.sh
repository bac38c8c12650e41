#!/usr/bin/env bash
# A case system in one call: is this patient in a ring that alerts?  case_system.sh PATIENT_ID
# Needs RINGFINDER_URL and RINGFINDER_KEY. Ids travel in the body, so that no log on the way holds them.
set -euo pipefail
curl --silent --show-error --fail-with-body --retry 3 --max-time 10 \
  --header "Authorization: Bearer $RINGFINDER_KEY" --header "Content-Type: application/json" \
  --data "{\"entities\": [{\"entity_type\": \"patient\", \"entity_id\": \"$1\"}]}" \
  "$RINGFINDER_URL/v1/scores:batch"
