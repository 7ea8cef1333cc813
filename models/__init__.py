"""The record: every table, so that one import knows the whole schema."""

from models.account import Account, Role
from models.account_link import AccountLink
from models.activity import Activity, ActivityKind
from models.announcement import Announcement, AnnouncementCommune, AnnouncementReading, Audience
from models.api_token import ApiToken
from models.audit_event import AuditEvent
from models.bundle import Bundle, BundleFile, BundlePaper, BundleState
from models.calendar_day import CalendarDay
from models.commune_group import CommuneGroup
from models.consent_withdrawal import ConsentWithdrawal
from models.counter import CommuneCount, HouseholdCount, HouseholdPeriod, HouseholdPlatform, PeriodKind, VillageCount
from models.data_request import DataRequest, RequestKind, RequestState
from models.decision import Decision, DecisionTeam
from models.device import Device
from models.difficulty import (
    Difficulty,
    DifficultyDeed,
    DifficultyKind,
    DifficultyLevel,
    DifficultyState,
    DifficultyStep,
    Severity,
)
from models.enrolment import Enrolment, EnrolmentGuess
from models.erasure import Erasure
from models.flag import Flag, FlagKind
from models.held import HeldReason, HeldRecord
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard, HouseholdState
from models.household_move import HouseholdMove
from models.incident import Incident
from models.indicator import Indicator, IndicatorUnit, Section, Source
from models.lease import Lease
from models.log_comment import LogComment
from models.material import CourseDone, Material, MaterialKind, MaterialState
from models.member import Member
from models.member_skill import MemberSkill
from models.narration import Narration, SoundKind
from models.notice import Notice, NoticeKind
from models.paper_template import PaperKind, PaperTemplate
from models.partner import Partner, PartnerCommune, PartnerKind, PartnerPlatform
from models.period import MonthStyle, Period, PeriodPause, PeriodRule, ReportKind
from models.period_report import PeriodReport, ReminderKind, ReportReminder, ReportState
from models.platform import Pillar, Platform, PlatformCommune, PlatformStep
from models.provider_attempt import ProviderAttempt
from models.push_subscription import PushSubscription
from models.register import RegisterColumn, RegisterReport
from models.review import ReturnReason, Review, SecondLook, Verdict
from models.roster_import import ImportKind, ImportState, RosterImport, RosterImportRow, RowDeed, Twins
from models.second_step import RecoveryCode, SecondStep
from models.session import Session, SessionState, SignInWay
from models.shared_link import LinkKind, SharedLink
from models.support_contact import ContactKind, SupportContact
from models.sync import PushResult, Record, Scope, ServerFact, Tombstone
from models.target import Level, Measure, Target, TargetChange, TargetShare, TargetStep
from models.task import Task, TaskState
from models.team import CompositionReason, Seat, SeatKind, SeatRole, Team, TeamLevel, TeamVillage
from models.training_class import ClassAttendance, TrainingClass
from models.unit import Division, Region, Unit, UnitKind, UnitSuccession
from models.unit_change import ChangeKind, UnitChange
from models.visit import (
    Beneficiary,
    ConsentWay,
    IdentifiedBy,
    Outcome,
    Photo,
    PhotoState,
    Result,
    Visit,
    VisitMode,
    VisitState,
)
from models.visit_place import VisitPlace
from models.webhook import DeliveryState, Webhook, WebhookDelivery, WebhookState
from models.work_photo import WorkPhoto
from models.zalo_group import GroupManager, ZaloGroup
