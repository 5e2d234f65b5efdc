"""moto's server, with a clock that is told: each request says what time it is.

The suite lets days pass in seconds. moto stamps keys, versions and sessions by the time that the
request names, through the library that moto's own tests use for it; moto itself is as it is.
"""

import os
import sys
import threading
from datetime import datetime

from freezegun import freeze_time
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple

NOW = "HTTP_X_KEYTURN_NOW"


def at_told_time(app, clock):
    turning = threading.Lock()

    def serve(environ, start_response):
        told = environ.pop(NOW, None)
        if told is not None:
            with turning:
                clock.move_to(datetime.fromisoformat(told.replace("Z", "")))
        return app(environ, start_response)

    return serve


def end_with_parent():
    """Whoever started it holds its standard input open, for as long as it lives."""
    sys.stdin.read()
    os._exit(0)


def main(port, start):
    threading.Thread(target=end_with_parent, daemon=True).start()
    with freeze_time(start) as clock:
        app = at_told_time(DomainDispatcherApplication(create_backend_app), clock)
        run_simple(
            "127.0.0.1",
            port,
            app,
            threaded=True,
            request_handler=MotoRequestHandler,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
