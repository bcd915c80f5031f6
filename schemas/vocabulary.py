"""The closed vocabularies of the record, each term with what it means.

The meanings are those of the labelling guide; prompts and the review page show them.
"""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """One word of a vocabulary; `meaning` says what it covers, "" where the word suffices."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        """Return the member for `value`, with its meaning attached."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class Layout(Term):
    """The form of the letter."""

    ISSUES_DECISIONS_RATIONALES = (
        "issues_decisions_rationales",
        'heading "IMR ISSUES, DECISIONS AND RATIONALES"',
    )
    DECISIONS_AND_RATIONALES = (
        "decisions_and_rationales",
        'heading "IMR DECISION(S) AND RATIONALE(S)"',
    )
    NOTICE_OF_DETERMINATION = (
        "notice_of_determination",
        'the notice of 2013: "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE"',
    )
    PROFESSIONAL_REVIEW = (
        "professional_review",
        '"MEDICAL PROFESSIONAL REVIEW", "ISSUE AT DISPUTE:"',
    )
    UNKNOWN = "unknown", "none of the known forms"


class Priority(Term):
    """How fast the review had to be made."""

    STANDARD = "standard"
    EXPEDITED = "expedited"


class Sex(Term):
    """The patient's sex, from a stated word or from pronouns that all agree."""

    FEMALE = "female"
    MALE = "male"


class Decision(Term):
    """What the reviewer decided about one disputed item."""

    UPHELD = "upheld", "the UR denial stands: not medically necessary"
    OVERTURNED = "overturned", "medically necessary"
    PARTIALLY_OVERTURNED = (
        "partially_overturned",
        "a part or a smaller amount is necessary",
    )


class Outcome(Term):
    """What the decisions on all items come to."""

    UPHELD = "upheld", "every item upheld"
    OVERTURNED = "overturned", "every item overturned"
    MIXED = "mixed", "anything else"


class DwcCategory(Term):
    """The Division of Workers' Compensation's own top classes of treatment."""

    DIAGNOSTIC_TESTING = "Diagnostic Testing"
    DMEPOS = "DMEPOS"
    EVALUATION_AND_MANAGEMENT = "Evaluation & Management"
    HOME_HEALTH = "Home Health"
    INJECTION = "Injection"
    PHARMACEUTICALS = "Pharmaceuticals"
    PROGRAMS = "Programs"
    PSYCH_SERVICES = "Psych Services"
    REHABILITATION = "Rehabilitation"
    SURGERY = "Surgery"
    TRANSPORTATION = "Transportation"
    OTHER = "Other"


class Category(Term):
    """The kind of treatment or service that was asked for."""

    PHARMACEUTICALS = "pharmaceuticals"
    PHYSICAL_THERAPY = (
        "physical_therapy",
        "occupational and aquatic therapy too",
    )
    ACUPUNCTURE = "acupuncture"
    CHIROPRACTIC = "chiropractic"
    OTHER_REHABILITATION = (
        "other_rehabilitation",
        (
            "massage, work hardening, functional capacity evaluation, gym; therapy by "
            "ultrasound, electrical stimulation or shock wave in sessions"
        ),
    )
    PROGRAMS = (
        "programs",
        (
            "functional restoration, pain, weight-loss, detoxification programs; a stay in "
            "a rehabilitation unit"
        ),
    )
    INJECTIONS = (
        "injections",
        "epidural, facet, trigger point, joint, blocks, radiofrequency ablation",
    )
    SURGERY = "surgery"
    SURGERY_SUPPORT = (
        "surgery_support",
        (
            "assistant surgeon, pre-operative clearance and tests, facility, post-operative "
            "supplies tied to a surgery"
        ),
    )
    IMAGING = "imaging", "MRI, CT, x-ray, ultrasound"
    DIAGNOSTIC_TESTS = (
        "diagnostic_tests",
        "EMG/NCS, laboratory tests, urine drug screen, sleep study",
    )
    DMEPOS = (
        "dmepos",
        "durable equipment, prosthetics, orthotics, supplies",
    )
    CONSULTATION = (
        "consultation",
        "office visits, referrals, consultations, evaluations, re-examinations",
    )
    PSYCHOLOGICAL_SERVICES = "psychological_services"
    HOME_HEALTH = "home_health", "a visiting nurse too"
    TRANSPORTATION = "transportation"
    DENTAL = "dental"
    OTHER = "other"

    @property
    def dwc(self) -> DwcCategory:
        """The Division's own top class for this category."""
        return _DWC[self]


_DWC = {
    Category.PHARMACEUTICALS: DwcCategory.PHARMACEUTICALS,
    Category.PHYSICAL_THERAPY: DwcCategory.REHABILITATION,
    Category.ACUPUNCTURE: DwcCategory.REHABILITATION,
    Category.CHIROPRACTIC: DwcCategory.REHABILITATION,
    Category.OTHER_REHABILITATION: DwcCategory.REHABILITATION,
    Category.PROGRAMS: DwcCategory.PROGRAMS,
    Category.INJECTIONS: DwcCategory.INJECTION,
    Category.SURGERY: DwcCategory.SURGERY,
    Category.SURGERY_SUPPORT: DwcCategory.SURGERY,
    Category.IMAGING: DwcCategory.DIAGNOSTIC_TESTING,
    Category.DIAGNOSTIC_TESTS: DwcCategory.DIAGNOSTIC_TESTING,
    Category.DMEPOS: DwcCategory.DMEPOS,
    Category.CONSULTATION: DwcCategory.EVALUATION_AND_MANAGEMENT,
    Category.PSYCHOLOGICAL_SERVICES: DwcCategory.PSYCH_SERVICES,
    Category.HOME_HEALTH: DwcCategory.HOME_HEALTH,
    Category.TRANSPORTATION: DwcCategory.TRANSPORTATION,
    Category.DENTAL: DwcCategory.OTHER,
    Category.OTHER: DwcCategory.OTHER,
}


class Part(Term):
    """A part of the body."""

    CERVICAL_SPINE = "cervical_spine", "neck"
    THORACIC_SPINE = "thoracic_spine"
    LUMBAR_SPINE = "lumbar_spine", "low back, lumbosacral"
    SPINE = "spine", "level not specified, or back"
    SHOULDER = "shoulder"
    ARM = "arm"
    ELBOW = "elbow"
    WRIST = "wrist"
    HAND = "hand", "fingers, thumb"
    UPPER_EXTREMITY = "upper_extremity"
    HIP = "hip"
    LEG = "leg"
    KNEE = "knee"
    ANKLE = "ankle"
    FOOT = "foot", "toes"
    LOWER_EXTREMITY = "lower_extremity"
    HEAD = "head", "brain"
    EYE = "eye"
    EAR = "ear"
    JAW = "jaw", "teeth"
    CHEST = "chest"
    ABDOMEN = "abdomen"
    PELVIS = "pelvis", "sacroiliac joint"
    PSYCHE = "psyche"
    OTHER = "other"


class Side(Term):
    """The side of the body."""

    LEFT = "left"
    RIGHT = "right"
    BILATERAL = "bilateral"


class Basis(Term):
    """Whether a guideline is cited as part of the MTUS."""

    MTUS = "mtus", "cited as, or under, the Medical Treatment Utilization Schedule"
    NON_MTUS = "non_mtus", 'under "Non-MTUS Citation", or said not to be MTUS'


class Guideline(Term):
    """The guideline that is cited."""

    CHRONIC_PAIN = "chronic_pain", "Chronic Pain [Medical] Treatment [Guidelines]"
    ACUPUNCTURE = "acupuncture", "Acupuncture [Medical] Treatment [Guidelines]"
    POSTSURGICAL = "postsurgical", "Postsurgical Treatment [Guidelines]"
    OPIOIDS = "opioids", "Opioid(s) Treatment 2016; Opioids 2017"
    ACOEM = (
        "acoem",
        (
            "any ACOEM chapter or edition; under the MTUS also the chapters that it adopts "
            "by title (Low Back Complaints, Shoulder Disorders, General Approaches …)"
        ),
    )
    ODG = "odg", "Official Disability Guidelines"
    DRUG_FORMULARY = "drug_formulary", "MTUS Drug Formulary"
    MTUS_GENERAL = "mtus_general", "MTUS with no part named"
    OTHER = "other", "FDA, journals, text books, web pages, other bodies"


class RationaleFactor(Term):
    """A reason that the rationale itself gives for the decision."""

    EXCEEDS_GUIDELINE_QUANTITY = (
        "exceeds_guideline_quantity",
        "the rationale says that the amount is more than the guideline supports",
    )
    NO_FUNCTIONAL_IMPROVEMENT = (
        "no_functional_improvement",
        "functional gain or response to earlier treatment is missing or not documented",
    )
    INSUFFICIENT_DOCUMENTATION = (
        "insufficient_documentation",
        "documentation, explanation or history is missing or unclear",
    )
    FAILED_PRIOR_TREATMENT = (
        "failed_prior_treatment",
        "this treatment is said to have failed or helped little before",
    )
    NOT_RECOMMENDED_BY_GUIDELINE = (
        "not_recommended_by_guideline",
        "the treatment is not recommended at all for the condition",
    )
    GUIDELINE_CRITERIA_NOT_MET = (
        "guideline_criteria_not_met",
        "criteria other than a quantity are named and said to be absent or undocumented",
    )
    NOT_FOR_LONG_TERM_USE = "not_for_long_term_use"
    HOME_PROGRAM_SUFFICES = (
        "home_program_suffices",
        "a home or independent programme is called appropriate or enough",
    )
    NO_NEW_INJURY_OR_CHANGE = "no_new_injury_or_change"
    REQUEST_INCOMPLETE = (
        "request_incomplete",
        "dose, count, frequency or body part not specified",
    )
    DEPENDS_ON_DENIED_SERVICE = (
        "depends_on_denied_service",
        "another service on which this one depends is said to be denied or not necessary",
    )
    NO_INDICATION = (
        "no_indication",
        "no complaint, finding or diagnosis calls for the service",
    )
    DUPLICATE_REQUEST = (
        "duplicate_request",
        "the same service is asked for or given already",
    )
    SAFETY_RISK = "safety_risk", "contraindication, side effects, aberrant behaviour"
    GUIDELINE_CRITERIA_MET = "guideline_criteria_met"
    FUNCTIONAL_IMPROVEMENT_SHOWN = "functional_improvement_shown"
    WITHIN_GUIDELINE_QUANTITY = "within_guideline_quantity"
    CONSERVATIVE_CARE_FAILED = (
        "conservative_care_failed",
        "conservative care (a first-line drug too) is said to have failed",
    )

    @property
    def is_for_treatment(self) -> bool:
        """Whether it is a reason against the denial; all others are reasons for it."""
        return self in _FOR_TREATMENT

    def may_support(self, decision: Decision | None) -> bool:
        """Whether it can be a reason for `decision`; for one in part any reason can.

        >>> RationaleFactor.GUIDELINE_CRITERIA_MET.may_support(Decision.UPHELD)
        False
        """
        if decision is None or decision is Decision.PARTIALLY_OVERTURNED:
            return True
        return self.is_for_treatment == (decision is Decision.OVERTURNED)


_FOR_TREATMENT = frozenset(
    {
        RationaleFactor.GUIDELINE_CRITERIA_MET,
        RationaleFactor.FUNCTIONAL_IMPROVEMENT_SHOWN,
        RationaleFactor.WITHIN_GUIDELINE_QUANTITY,
        RationaleFactor.CONSERVATIVE_CARE_FAILED,
    }
)
