"""The service: extraction over HTTP, without extraction logic of its own.

`extract.web.app.create_app` makes the application, `extract.web.commands` holds the command.
Nothing is imported here: a worker process needs no web framework.
"""
