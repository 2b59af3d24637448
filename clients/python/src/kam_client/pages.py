"""Lists that come in pages, as one iterator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

_LARGEST_PAGE = 1000


def paginate(method: Callable[[Any], Any], request: Message, page_size: int = 0) -> Iterator[Any]:
    """Every element of a list method: `paginate(client.accounts.ListAccounts, Request())`.

    Pages are fetched as the iterator advances, so that breaking off early costs nothing. The
    largest pages are asked for unless the request or `page_size` says otherwise.
    """
    asked = type(request)()
    asked.CopyFrom(request)
    asked.page_size = page_size or request.page_size or _LARGEST_PAGE
    while True:
        response = method(asked)
        yield from getattr(response, _items_field(response.DESCRIPTOR))
        if not response.next_page_token:
            return
        asked.page_token = response.next_page_token


def _items_field(response: Descriptor) -> str:
    """The first repeated field (AIP-158)."""
    for field in sorted(response.fields, key=lambda field: field.number):
        if field.is_repeated:
            return field.name
    raise TypeError(f"{response.full_name} is not the answer of a list method")
