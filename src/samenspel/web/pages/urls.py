"""The addresses of the pages that everybody reads; they stay as they are."""

from django.urls import path

from samenspel.web.pages import draw, explore, fund, home, record, regions, things

urlpatterns = [
    path("", home.home, name="home"),
    path("zoek", home.look_up, name="search"),
    path("zoek.json", home.suggest, name="suggest"),
    path("over", home.about, name="about"),
    path("weergave", home.appearance, name="appearance"),
    path("gemeenten", home.municipalities, name="municipalities"),
    path("gemeente/<str:nis>", things.municipality, name="municipality"),
    path("samenwerking/<str:code>", things.partnership, name="partnership"),
    path("organisatie/<str:code>", things.organisation, name="organisation"),
    path("thema/<str:code>", home.theme, name="theme"),
    path("regios", regions.regions, name="regions"),
    path("regios/<str:code>", regions.zoning, name="zoning"),
    path("regios/<str:zoning>/<str:code>", things.zone, name="zone"),
    path("regios/<str:code>/<str:zone>/pas-toe-of-leg-uit", regions.desk, name="desk"),
    path("regios/<str:code>/<str:zone>/werkboek.xlsx", regions.workbook, name="region_workbook"),
    path("regios/<str:code>/<str:zone>/zones", draw.zones, name="draw"),
    path("termijnen", regions.due, name="due"),
    path("wijzigingen", home.changes, name="changes"),
    path("wijzigingen/<int:number>", record.change, name="change"),
    path("geschiedenis/<str:table>/<path:key>", record.record, name="record"),
    path("wat-als", explore.explore, name="explore"),
    path("wat-als/fusie", explore.merger, name="merger"),
    path("wat-als/fonds", fund.fund, name="fund"),
    path("wat-als/vorm", explore.form, name="form"),
]
