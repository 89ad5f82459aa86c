"""The addresses of sign-in and of accounts. Those without a namespace are named as allauth and Django ask for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from forebyg.access.views import accounts, agencies, first_use, own_page, second_factor, sessions, sign_in

konto = [
    path("log-paa/", sign_in.SignIn.as_view(), name="account_login"),
    path("log-paa/kode/", login_not_required(second_factor.SignInByCode.as_view()), name="mfa_authenticate"),
    path("log-paa/adgangsnoegle/", login_not_required(second_factor.SignInByPasskey.as_view()), name="mfa_login_webauthn"),
    path("log-af/", sign_in.SignOut.as_view(), name="account_logout"),
    path("foerste-gang/", first_use.first_use, name="first-use"),
    path("foerste-gang/<str:token>/", first_use.open_link, name="first-use-link"),
    path("bekraeft/", sign_in.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("bekraeft/kode/", second_factor.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("bekraeft/adgangsnoegle/", second_factor.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("adgangskode/", sign_in.PasswordChange.as_view(), name="account_change_password"),
    path("to-trin/", second_factor.Factors.as_view(), name="mfa_index"),
    path("to-trin/app/", second_factor.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("to-trin/app/fjern/", second_factor.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("to-trin/adgangsnoegle/", second_factor.NewPasskey.as_view(), name="mfa_add_webauthn"),
    path("to-trin/adgangsnoegle/<int:pk>/navn/", second_factor.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("to-trin/adgangsnoegle/<int:pk>/fjern/", second_factor.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("to-trin/reservekoder/", second_factor.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("to-trin/reservekoder/nye/", second_factor.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("steder/", sessions.Sessions.as_view(), name="usersessions_list"),
    path("steder/<int:pk>/luk/", sessions.end_one, name="end-session"),
    path("session/", sign_in.keep_session, name="session"),
    path("", own_page.account, name="account"),
]

medarbejdere = [
    path("", accounts.everyone, name="list"),
    path("ny/", accounts.new, name="new"),
    path("<uuid:account_id>/link/", accounts.renew, name="renew"),
    path("<uuid:account_id>/roller/", accounts.roles, name="roles"),
    path("<uuid:account_id>/luk/", accounts.suspend, name="suspend"),
    path("<uuid:account_id>/aabn/", accounts.reactivate, name="reactivate"),
]

myndigheder = [
    path("", agencies.everyone, name="list"),
    path("<uuid:agency_id>/", agencies.one, name="one"),
    path("<uuid:agency_id>/foreslaa/", agencies.propose, name="propose"),
    path("forslag/<uuid:proposal_id>/", agencies.decide, name="decide"),
    path("forslag/<uuid:proposal_id>/traek/", agencies.withdraw, name="withdraw"),
]

urlpatterns = [
    path("konto/", include(konto)),
    path("medarbejdere/", include((medarbejdere, "accounts"))),
    path("myndigheder/", include((myndigheder, "agencies"))),
]
