"""Forms of signing in and of the administrator: labels in the reader's language, tied to fields."""

from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from samenspel.errors import InputError
from samenspel.language import _, mark
from samenspel.register.models import Account
from samenspel.register.rights import ROLE_NAMES, ROLES

EMAIL = mark("E-mail address")
PASSWORD = mark("Password")
NEW = mark("New password")
AGAIN = mark("New password, once more")
CODE = mark("Code of six digits, or a recovery code")
DIGITS = mark("Code of six digits that your app shows")
PASSWORD_HELP = mark("At least twelve characters, not only digits, not one that many use, and not "
                     "like your name or e-mail address. A sentence is good.")  # fmt: skip
DIFFERENT = mark("The two passwords differ; write the same one twice.")


class Worded:
    """A form whose fields are called as ``labels`` and ``helps`` say, in the reader's language."""

    labels: ClassVar[dict[str, str]] = {}
    helps: ClassVar[dict[str, str]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in self.labels:
                field.label = _(self.labels[name])
            field.help_text = _(self.helps[name]) if name in self.helps else ""
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = _("Fill this in.")


class SignIn(Worded, account_forms.LoginForm):  # type: ignore[misc]
    labels: ClassVar = {"login": EMAIL, "password": PASSWORD}


class Again(Worded, account_forms.ReauthenticateForm):  # type: ignore[misc]
    labels: ClassVar = {"password": PASSWORD}


class ChangePassword(Worded, account_forms.ChangePasswordForm):  # type: ignore[misc]
    labels: ClassVar = {
        "oldpassword": mark("Present password"), "password1": NEW, "password2": AGAIN
    }  # fmt: skip
    helps: ClassVar = {"password1": PASSWORD_HELP}


class SetPassword(Worded, account_forms.SetPasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"password1": NEW, "password2": AGAIN}
    helps: ClassVar = {"password1": PASSWORD_HELP}


class Code(Worded, code_forms.AuthenticateForm):  # type: ignore[misc]
    labels: ClassVar = {"code": CODE}


class CodeAgain(Worded, code_forms.ReauthenticateForm):  # type: ignore[misc]
    labels: ClassVar = {"code": CODE}


class FirstCode(Worded, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    labels: ClassVar = {"code": DIGITS}


def password_field(purpose: str = "new-password") -> forms.CharField:
    """A field for a password, which is never shown again."""
    return forms.CharField(
        strip=False, max_length=1000, widget=forms.PasswordInput(attrs={"autocomplete": purpose})
    )


class Invited(Worded, forms.Form):
    """The first password of ``account``, written twice."""

    labels: ClassVar = {"password1": PASSWORD, "password2": mark("Password, once more")}
    helps: ClassVar = {"password1": PASSWORD_HELP}
    password1 = password_field()
    password2 = password_field()

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, second = found.get("password1"), found.get("password2")
        if first and second and first != second:
            self.add_error("password2", _(DIFFERENT))
        if first:
            account = self.account or Account(
                email=found.get("email", ""), name=found.get("name", "")
            )
            try:
                validate_password(first, account)
            except ValidationError as error:
                self.add_error("password1", error)
        return found


class FirstAdministrator(Invited):
    """Who the first administrator is."""

    labels: ClassVar = {**Invited.labels, "name": mark("Your name"), "email": EMAIL}
    field_order = ("name", "email", "password1", "password2")
    name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class Invite(Worded, forms.Form):
    """Somebody who gets an account."""

    labels: ClassVar = {"name": mark("Name"), "email": EMAIL}
    name = forms.CharField(max_length=150)
    email = forms.EmailField()


class GiveRole(Worded, forms.Form):
    """A role, with the organisation or the zone that it is for."""

    labels: ClassVar = {
        "role": mark("Role"),
        "organisation": mark("Organisation: its code"),
        "zoning": mark("Zoning: its code"),
        "zone": mark("Zone: its code"),
    }
    helps: ClassVar = {
        "organisation": mark("For a municipality its NIS code, for a partnership its id."),
        "zoning": mark("For a region coordinator only."),
        "zone": mark("For a region coordinator only."),
    }
    role = forms.ChoiceField()
    organisation = forms.CharField(max_length=100, required=False)
    zoning = forms.CharField(max_length=100, required=False)
    zone = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [("", _("Choose a role")), *((r, _(ROLE_NAMES[r])) for r in ROLES)]


def refused(form: forms.Form, error: InputError) -> None:
    """Show ``error`` above the fields of ``form``."""
    form.add_error(None, str(error))
