"""The production setup fits together: compose file, Odoo's configuration, proxy, image."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess

import pytest
import yaml

from odoo.tools import config

from tools.environment import UV_VERSION
from tools.paths import CHECKOUT

SECRETS = {"POSTGRES_PASSWORD": "secret", "REPLICATION_PASSWORD": "secret"}


def compose_program() -> list[str] | None:
    """The compose that is installed, if any; neither needs a running engine to check a file."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker") and subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0:
        return ["docker", "compose"]
    return None


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def odoo_options() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(CHECKOUT / "config" / "odoo.conf")
    return parser["options"]


@pytest.mark.skipif(not compose_program(), reason="neither docker-compose nor docker compose is installed")
@pytest.mark.parametrize("profile", [[], ["--profile", "replica"]], ids=["plain", "replica"])
def test_compose_accepts_the_file(profile):
    command = [*compose_program(), *profile, "config", "--quiet"]
    done = subprocess.run(command, cwd=CHECKOUT, env={**os.environ, **SECRETS}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_compose_starts_all_parts_in_order(compose):
    services = compose["services"]
    assert set(services) == {"db", "db_replica", "odoo", "proxy"}
    assert services["db_replica"]["profiles"] == ["replica"]
    assert services["odoo"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["proxy"]["depends_on"] == {"odoo": {"condition": "service_healthy"}}
    assert all("healthcheck" in services[name] for name in ("db", "db_replica", "odoo"))


def test_compose_keeps_data_in_volumes(compose):
    mounts = {name: service["volumes"] for name, service in compose["services"].items()}
    assert "db:/var/lib/postgresql" in mounts["db"]
    assert "db_replica:/var/lib/postgresql" in mounts["db_replica"]
    assert "files:/var/lib/odoo" in mounts["odoo"]
    assert set(compose["volumes"]) == {"db", "db_replica", "files"}
    sources = {mount.partition(":")[0] for service in mounts.values() for mount in service}
    assert all(source in compose["volumes"] or (CHECKOUT / source).is_file() for source in sources)


def test_only_the_proxy_is_reachable_and_secrets_stay_outside(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    text = (CHECKOUT / "docker-compose.yml").read_text()
    for value in re.findall(r"PASSWORD: (.*)", text):
        assert value.startswith("${")
    for name in SECRETS:
        assert f"\n{name}=\n" in (CHECKOUT / ".env.example").read_text()


def test_odoo_knows_every_option(odoo_options):
    assert not [name for name in odoo_options if name not in config.options]


def test_odoo_works_behind_the_proxy(odoo_options):
    proxy = (CHECKOUT / "config" / "nginx.conf").read_text()
    assert odoo_options.getboolean("proxy_mode")
    assert not odoo_options.getboolean("list_db")
    assert odoo_options.getint("workers") > 1
    assert f"server odoo:{odoo_options['http_port']};" in proxy
    assert f"server odoo:{odoo_options['gevent_port']};" in proxy
    assert re.search(r"location /websocket \{\s+proxy_pass http://odoo_websocket;", proxy)


def test_workers_fit_into_the_connections_of_the_database(compose, odoo_options):
    command = shlex.split(compose["services"]["db"]["command"])
    connections = int(next(part.partition("=")[2] for part in command if part.startswith("max_connections=")))
    processes = odoo_options.getint("workers") + odoo_options.getint("max_cron_threads") + 1
    assert processes * odoo_options.getint("db_maxconn") < connections
    assert compose["services"]["db_replica"]["command"] == compose["services"]["db"]["command"]


def test_image_puts_everything_where_odoo_looks(odoo_options):
    image = (CHECKOUT / "config" / "Dockerfile").read_text()
    assert re.findall(r"^FROM (\S+)", image, re.MULTILINE) == ["odoo:19", "odoo:19"]
    assert odoo_options["addons_path"].split(",") == [
        "/opt/contact-center/addons",
        "/opt/contact-center/python/odoo/addons",
    ]
    assert "COPY addons /opt/contact-center/addons" in image
    assert f"uv=={UV_VERSION} " in image
