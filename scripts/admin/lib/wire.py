"""JSON of grpcurl: names of fields as the contract's JSON has them, whichever way they came."""

import json
from typing import Any


def load(text: str) -> Any:
    """One value."""
    return _camel(json.loads(text))


def load_all(text: str) -> list[Any]:
    """One value after another, as grpcurl prints several answers."""
    found, decoder = [], json.JSONDecoder()
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        found.append(_camel(value))
        text = text[end:]
    return found


def _camel(value: Any) -> Any:
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {_name(key): item if _free(key, item) else _camel(item) for key, item in value.items()}


def _name(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _free(key: str, value: Any) -> bool:
    """A map whose keys are data: labels of an account, metadata of an ErrorInfo."""
    return key in ("labels", "metadata") and "@type" not in value
