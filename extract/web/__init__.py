"""The service on the roof: extraction over HTTP, and the review page. No extraction logic.

`extract.web.app.create_app` makes the application, `extract.web.commands` holds the commands.
Nothing is imported here: a worker process needs no web framework.
"""
