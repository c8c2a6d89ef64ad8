"""gunicorn's settings: `gunicorn -c python:config.gunicorn`."""

from environs import Env

env = Env()

wsgi_app = "config.wsgi:application"
bind = env.str("BIND", f"127.0.0.1:{env.int('PORT', 8000)}")
worker_class = "gthread"
workers = env.int("WEB_CONCURRENCY", 2)
threads = 4
# A large workbook is read and a long document set within a request.
timeout = 120
accesslog = env.str("ACCESS_LOG", "") or None
control_socket_disable = True
