"""A TCP proxy that can lose what the server answers."""

import contextlib
import socket
import threading


class Proxy:
    """Forwards connections to a target. `lose_replies()` makes the connections that are open lose
    everything the server sends from then on, and breaks them at its first answer: the request has
    arrived, the reply has not. Connections made later are whole."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._upstream = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.target = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.lost = threading.Event()
        self._pairs: list[_Pair] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_replies(self) -> None:
        self.lost.clear()
        for pair in self._pairs:
            pair.losing.set()

    def close(self) -> None:
        self._listener.close()
        for pair in self._pairs:
            pair.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._upstream)
                self._pairs.append(_Pair(client, server, self.lost))


class _Pair:
    """One connection. HTTP/2 acknowledges what it gets at once, so an answer is told from an
    acknowledgement by its DATA frame. Headers may go ahead of it: they are held back until it
    comes, for a client that has seen them does not repeat the call by itself."""

    _DATA, _HEADERS = 0, 1

    def __init__(self, client: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        self._client, self._server, self._lost = client, server, lost
        self.losing = threading.Event()
        threading.Thread(target=self._requests, daemon=True).start()
        threading.Thread(target=self._replies, daemon=True).start()

    def close(self) -> None:
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _requests(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._client.recv(65536):
                self._server.sendall(data)
        self.close()

    def _replies(self) -> None:
        with contextlib.suppress(OSError):
            held = b""
            while frame := self._frame():
                if self.losing.is_set() and frame[3] == self._DATA:
                    self._lost.set()
                    break
                if self.losing.is_set() and frame[3] == self._HEADERS:
                    held += frame
                    continue
                self._client.sendall(held + frame)
                held = b""
        self.close()

    def _frame(self) -> bytes:
        head = self._exactly(9)
        return head + self._exactly(int.from_bytes(head[:3], "big")) if head else b""

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._server.recv(count - len(data))
            if not more:
                return b""
            data += more
        return data
