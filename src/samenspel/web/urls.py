"""The addresses of the pages. Of the library of sign-ins only what is needed is there: nobody signs
up, and no password is set by mail."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as elsewhere
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.urls import URLPattern, path

from samenspel.web import entering, own, people
from samenspel.web.pages.urls import urlpatterns as pages

urlpatterns: list[URLPattern] = [
    *pages,
    path("gezondheid", own.health, name="health"),
    path("taal", own.choose_language, name="language"),
    path("account", own.profile, name="profile"),
    path("aanmelden", account.login, name="account_login"),
    path("afmelden", account.logout, name="account_logout"),
    path("account/gesloten", account.account_inactive, name="account_inactive"),
    path("account/nogmaals", account.reauthenticate, name="account_reauthenticate"),
    path("account/wachtwoord", account.password_change, name="account_change_password"),
    path("account/wachtwoord/kiezen", account.password_set, name="account_set_password"),
    path("account/tweede-factor", second.index, name="mfa_index"),
    path("aanmelden/code", second.authenticate, name="mfa_authenticate"),
    path("account/nogmaals/code", second.reauthenticate, name="mfa_reauthenticate"),
    path("account/tweede-factor/aan", totp.activate_totp, name="mfa_activate_totp"),
    path("account/tweede-factor/uit", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/herstelcodes", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/herstelcodes/nieuw",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("uitnodiging/<str:secret>", entering.invitation, name="invitation"),
    path("eerste-beheerder/<str:token>", entering.first_administrator, name="first_administrator"),
    path("beheer", people.accounts, name="accounts"),
    path("beheer/uitnodigen", people.invite, name="invite"),
    path("beheer/account/<int:number>", people.account, name="account"),
    path("beheer/account/<int:number>/rol", people.give_role, name="give_role"),
    path("beheer/account/<int:number>/rol/einde", people.end_role, name="end_role"),
    path("beheer/account/<int:number>/link", people.invite_again, name="invite_again"),
    path(
        "beheer/account/<int:number>/tweede-factor",
        people.second_factor_away,
        name="second_factor_away",
    ),
    path("beheer/account/<int:number>/sluiten", people.close_account, name="close_account"),
    path("beheer/logboek", people.audit_page, name="audit"),
]
if settings.OIDC:
    urlpatterns += [
        path("aanmelden/<str:provider_id>", oidc.login, name="openid_connect_login"),
        path("aanmelden/<str:provider_id>/terug", oidc.callback, name="openid_connect_callback"),
        path(
            "aanmelden/elders/gestopt",
            elsewhere.login_cancelled,
            name="socialaccount_login_cancelled",
        ),
        path("aanmelden/elders/fout", elsewhere.login_error, name="socialaccount_login_error"),
    ]
