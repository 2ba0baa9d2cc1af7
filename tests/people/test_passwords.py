"""Passwords and second factors, pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from cstrain.kernel.errors import DomainError
from cstrain.people.passwords import (
    check_password,
    hash_password,
    is_common,
    new_recovery_codes,
    normal_recovery_code,
    totp_step,
    verify_password,
)

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "qwertyuiop",
        "Password123!",
        "P@ssw0rd2026",
        "woaini1314520",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "1qaz2wsx3edc",
        "9876543210",
        "kefu888888",
        "admin@123456",
        "iloveyou2026!!",
        "abcdefghijkl",
    ],
)
def test_common_passwords_and_their_patterns_are_refused(password):
    with pytest.raises(DomainError, match="太常见"):
        check_password(password)


@pytest.mark.parametrize(
    "password",
    ["海边有七只安静的骆驼", "correct horse battery", "tangerine-lamp-42-fjord", "三棵树 两条河 一座桥"],
)
def test_long_phrases_pass_without_composition_rules(password):
    check_password(password, ("K002", "李娜"))


def test_nine_characters_are_too_few_and_ten_are_enough():
    with pytest.raises(DomainError, match="至少要10个字符"):
        check_password("g7#kWq2!z")
    check_password("g7#kWq2!zB")


@pytest.mark.parametrize("password", ["K002K002李娜", "lina@K00213", "13800001111ab"])
def test_a_password_made_of_own_data_is_refused(password):
    with pytest.raises(DomainError, match="主要由你的"):
        check_password(password, ("K002", "李娜", "lina", "13800001111"))


def test_the_list_of_common_passwords_is_there():
    assert is_common("manchester")
    assert not is_common("manchester-by-the-sea-9")


def test_verifying_without_a_stored_hash_is_always_no():
    assert not verify_password(None, "anything at all")
    assert not verify_password("not a hash", "anything at all")
    assert verify_password(hash_password("海边有七只安静的骆驼"), "海边有七只安静的骆驼")


def test_a_code_counts_in_its_step_and_the_neighbours_and_only_once():
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(AT)
    step = totp_step(secret, code, AT, None)
    assert step == int(AT.timestamp()) // 30
    assert totp_step(secret, code, AT + timedelta(seconds=30), None) == step
    assert totp_step(secret, code, AT + timedelta(seconds=90), None) is None
    assert totp_step(secret, code, AT, step) is None
    assert totp_step(secret, f"{code[:3]} {code[3:]}", AT, None) == step


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "0" * 50, "验证码"])
def test_nonsense_is_no_code(code):
    assert totp_step(pyotp.random_base32(), code, AT, None) is None


def test_recovery_codes_differ_and_are_read_in_any_spelling():
    codes = new_recovery_codes(10)
    assert len(set(codes)) == 10
    assert normal_recovery_code(codes[0].lower().replace("-", " ")) == codes[0]
