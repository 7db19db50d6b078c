#!/bin/sh
# A volume over n8n's folder hides what an image has there. So the package lies beside this script,
# and is linked to where n8n looks for community packages at each start, over any older one.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
packages="${N8N_USER_FOLDER:-$HOME}/.n8n/nodes/node_modules"
mkdir -p "$packages"
rm -rf "$packages/n8n-nodes-ultimo"
ln -s "$here/node_modules/n8n-nodes-ultimo" "$packages/n8n-nodes-ultimo"
exec "$@"
