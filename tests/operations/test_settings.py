"""Settings: what the environment says, checked once, refused by name."""

from __future__ import annotations

import pytest

from cstrain.config import ConfigError, from_environment, variable_names


def test_without_anything_the_embedded_database_lies_in_the_data_folder(tmp_path):
    settings = from_environment({"CSTRAIN_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'cstrain.db'}"
    assert settings.secure_cookies
    assert settings.second_factor


def test_a_plain_postgresql_address_gets_our_driver():
    settings = from_environment({"CSTRAIN_DATABASE_URL": "postgresql://me@host/base"})
    assert settings.database_url == "postgresql+psycopg://me@host/base"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CSTRAIN_DATABASE_URL", "mysql://me@host/base"),
        ("CSTRAIN_TIMEZONE", "Beijing"),
        ("CSTRAIN_TIMEZONE", "../../etc/passwd"),
        ("CSTRAIN_SECURE_COOKIES", "maybe"),
        ("CSTRAIN_THREADS", "0"),
        ("CSTRAIN_THREADS", "many"),
    ],
)
def test_an_unusable_value_is_refused_by_name(name, value):
    with pytest.raises(ConfigError, match=name):
        from_environment({name: value})


def test_every_field_can_be_set_by_its_variable():
    given = {
        "CSTRAIN_DATABASE_URL": "sqlite:////data/x.db",
        "CSTRAIN_SECRET_KEY": "k",
        "CSTRAIN_TIMEZONE": "UTC",
        "CSTRAIN_DATA_DIR": "data",
        "CSTRAIN_MAIL_URL": "smtp://host",
        "CSTRAIN_MAIL_FROM": "a@b.example",
        "CSTRAIN_PUBLIC_URL": "https://train.example/",
        "CSTRAIN_SECURE_COOKIES": "no",
        "CSTRAIN_TRUSTED_PROXY": "127.0.0.1",
        "CSTRAIN_THREADS": "4",
        "CSTRAIN_SECOND_FACTOR": "off",
    }
    assert set(given) == set(variable_names())
    changed, plain = from_environment(given), from_environment({})
    for name in variable_names():
        field = name.removeprefix("CSTRAIN_").lower()
        assert getattr(changed, field) != getattr(plain, field), name
    assert changed.public_url == "https://train.example"


def test_a_relative_database_file_is_meant_from_where_the_command_is_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = from_environment({"CSTRAIN_DATABASE_URL": "sqlite:///data/x.db"})
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'x.db'}"
