"""Stubs generated from protos/kam/v1 by scripts/generate. Do not edit."""
