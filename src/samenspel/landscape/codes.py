"""The code lists of the landscape's tables."""

LEGAL_FORMS = (
    "overeenkomst",
    "samenwerking_tussen_ocmws",
    "interlokale_vereniging",
    "projectvereniging",
    "dienstverlenende_vereniging",
    "opdrachthoudende_vereniging",
    "opdrachthoudende_vereniging_met_private_deelname",
    "welzijnsvereniging",
    "autonome_verzorgingsinstelling",
    "ziekenhuisvereniging",
    "vereniging_of_vennootschap_voor_sociale_dienstverlening",
    "woonzorgvereniging_of_vennootschap",
    "vzw",
    "zonder_rechtspersoonlijkheid",
    "andere",
)
THEMES = (
    "safety",
    "mobility",
    "spatial_environment",
    "water",
    "economy_innovation",
    "utilities",
    "leisure",
    "social_policy",
    "primary_care",
    "housing",
    "labour_market",
)
# Sectors of activity that rules tell apart; a theme is wider.
SECTORS = (
    "energy",
    "waste",
    "drinking_water",
    "sewerage",
    "telecom",
    "tourism",
    "education",
    "other",
)
ORGANISATION_CLASSES = (
    "municipality",
    "ocmw",
    "province",
    "other_government",
    "private",
    "nonprofit",
    "intermunicipal_partnership",
    "ocmw_association",
    "police_zone",
    "rescue_zone",
    "other_partnership",
    "other",
)
PARTNERSHIP_CLASSES = (
    "intermunicipal_partnership",
    "ocmw_association",
    "police_zone",
    "other_partnership",
)
COVERS = ("partition", "partial", "overlapping")
SIDES = ("majority", "opposition", "other")
BOOKKEEPING = ("bbc", "other")
DECISIONS = ("granted", "refused", "postponed")
