"""The addresses of the law."""

from django.urls import path

from forebyg.sharing.views import for_person, law, letters, statement

app_name = "sharing"
urlpatterns = [
    path("jura/", law.overview, name="law"),
    path("jura/proev/", law.try_exchange, name="try"),
    path("jura/hjemmel/<str:pack>/<str:provision>/", law.provision, name="provision"),
    path("jura/tvivl/<str:doubt>/", law.doubt, name="doubt"),
    path("sager/<str:reference>/breve/<uuid:root>/", letters.letter, name="letter"),
    path("sager/<str:reference>/personer/<uuid:root>/aftalt/", for_person.agreed, name="agreed"),
    path("sager/<str:reference>/personer/<uuid:root>/om-dig/", for_person.about, name="about"),
    path("sager/<str:reference>/breve/<uuid:root>/pdf/", letters.letter_pdf, name="letter-pdf"),
    path("sager/<str:reference>/videregivelser/<uuid:root>/", statement.statement, name="statement"),
    path("sager/<str:reference>/videregivelser/<uuid:root>/pdf/", statement.statement_pdf, name="statement-pdf"),
]
