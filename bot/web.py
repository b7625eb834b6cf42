"""The small web server for health: one aiohttp application, on the loopback address by default."""

from aiohttp import web

from bot.errors import StoreError
from bot.store import Store


async def serve(store: Store, *, host: str, port: int) -> web.AppRunner:
    """Serve ``/healthz`` (the process answers) and ``/readyz`` (the database takes writes);
    the runner's `cleanup` ends it."""

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

    application = web.Application()
    application.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner
