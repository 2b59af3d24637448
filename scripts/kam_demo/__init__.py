"""The demo's parts: real purchases in, key accounts with benefits out."""
