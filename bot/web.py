"""The small web server for health: one aiohttp application, on the loopback address by default."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.errors import StoreError
from bot.store import Store

LARGEST = 1024 * 1024  # bytes of one request: Slack sends far less
Receive = Callable[[str, Mapping[str, str]], Awaitable[tuple[int, str]]]


async def serve(
    store: Store, *, host: str, port: int, slack: Receive | None = None
) -> web.AppRunner:
    """Serve ``/healthz`` (the process answers), ``/readyz`` (the database takes writes) and, where
    `slack` takes them, Slack's signed requests at ``/slack/events``; the runner's `cleanup` ends
    it."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        try:
            health = await store.check()
        except StoreError as error:
            return web.json_response({"status": "down", "error": error.code}, status=503)
        ready = health.writable
        body = {"status": "ok" if ready else "down", "error": health.error}
        return web.json_response(body, status=200 if ready else 503)

    async def events(request: web.Request) -> web.Response:
        assert slack is not None
        status, body = await slack(await request.text(), request.headers)
        return web.Response(status=status, text=body, content_type="application/json")

    application = web.Application(client_max_size=LARGEST)
    application.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz)])
    if slack is not None:
        application.add_routes([web.post("/slack/events", events)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner
