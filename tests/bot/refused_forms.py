"""The tests in which each form is refused, and the refusal: by file and test, then by form."""

from collections.abc import Mapping

REFUSED_FORMS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "test_after_the_show": {
        "test_a_goal_that_is_no_number_is_refused_and_none_is_fine": {"live.again.AgainForm": "InvalidAmount"},
    },
    "test_announcement_settings": {
        "test_a_time_of_day_that_is_none_is_refused": {"settings.announcing.QuietHours": "InvalidTimeOfDay"},
    },
    "test_applying": {
        "test_staff_ask_members_answer_and_the_press_of_a_button_makes_a_creator": {
            "creator.applying.ApplyForm": "AnswerMissing"
        },
    },
    "test_buying": {
        "test_one_box_is_not_enough_for_discord_nor_for_the_bot": {"buy.consents.ConsentForm": "ConsentMissing"},
    },
    "test_buying_within_limits": {
        "test_a_sum_that_is_none_is_refused_and_nothing_changes": {"settings.limits.LimitsForm": "InvalidPrice"},
    },
    "test_chipping_in": {
        "test_members_pool_for_a_gift_that_goes_out_in_the_name_of_all": {"chip_in.views.AmountForm": "ChipTooSmall"},
    },
    "test_direct_payments": {
        "test_a_code_that_nobody_has_is_not_found": {"cases.handled.FindForm": "NotFound"},
        "test_nobody_confirms_twice_or_for_themselves": {"cases.handled.ConfirmForm": "AlreadyConfirmed"},
    },
    "test_grant_menu": {
        "test_what_is_no_amount_is_refused": {"coins.grants.GrantForm": "InvalidAmount"},
    },
    "test_history_on_screen": {
        "test_a_receipt_is_looked_up_by_its_owner_alone_and_all_of_them_saved": {
            "wallet.history.ReceiptForm": "NotFound"
        },
    },
    "test_kofi": {
        "test_a_token_of_another_server_is_refused": {"settings.payment_forms.KofiForm": "SecretTaken"},
    },
    "test_managers": {
        "test_settings_change_at_once_and_refuse_nonsense": {
            "settings.forms.Shares": "InvalidAmount",
            "settings.forms.TimeZone": "InvalidTimeZone",
        },
    },
    "test_past_boards": {
        "test_any_date_can_be_typed_and_an_empty_one_says_so": {"leaderboard.views.PeriodForm": "UnknownPeriod"},
    },
    "test_payouts_on_screen": {
        "test_a_payout_from_the_earnings_to_the_money": {"creator.payouts.AmountForm": "InvalidAmount"},
        "test_a_payout_that_was_paid_meanwhile_is_not_rejected": {"payouts.views.RejectForm": "PayoutDecided"},
        "test_a_payout_that_was_rejected_meanwhile_is_not_recorded_as_paid": {
            "payouts.views.PaymentForm": "PayoutDecided"
        },
    },
    "test_lookup": {
        "test_a_batch_is_undone_for_everyone_from_its_receipt_or_one_row_of_it": {
            "coins.batches.UndoForm": "InvalidText"
        },
        "test_whoever_has_lost_the_role_undoes_nothing": {"coins.reversal.ReverseForm": "NotAllowed"},
    },
    "test_refused_forms": {
        "test_a_flag_whose_reason_nobody_can_see_is_not_opened": {"coins.lookup.FlagForm": "InvalidText"},
        "test_a_freeze_that_somebody_else_has_lifted_is_not_lifted_again": {"cases.freezing.UnfreezeForm": "NoFreeze"},
        "test_a_message_for_somebody_who_is_no_creator_any_more_is_refused": {
            "gift.picker.views.NoteForm": "NotACreator"
        },
        "test_a_shout_out_that_sold_out_while_its_wish_was_written_costs_nothing": {
            "perks.views.ShoutoutForm": "PerkSoldOut"
        },
        "test_an_application_that_somebody_else_has_declined_keeps_their_reason": {
            "creators.applications.DeclineForm": "ApplicationGone"
        },
        "test_money_that_two_people_have_sent_back_is_recorded_once": {"cases.handled.RefundForm": "RefundChanged"},
        "test_nobody_is_frozen_because_of_a_case_that_was_closed_meanwhile": {
            "cases.freezing.FreezeForm": "CaseDecided"
        },
        "test_what_makes_no_sense_in_a_form_is_refused": {
            "budget.views.LimitsForm": "InvalidAmount",
            "creator.stats.StatsPeriodForm": "UnknownPeriod",
            "gift.picker.views.CountForm": "InvalidAmount",
            "settings.grants.GrantLimitsForm": "InvalidAmount",
        },
        "test_whoever_is_no_creator_any_more_changes_no_words": {"creator.blocking.WordsForm": "NotAllowed"},
        "test_whoever_loses_their_role_while_a_form_is_open_changes_nothing": {
            "challenges.forms.BasicsForm": "NotAllowed",
            "challenges.forms.DoubleForm": "NotAllowed",
            "challenges.forms.PointsForm": "NotAllowed",
            "challenges.prizes.PrizeForm": "NotAllowed",
            "settings.chests.MinimumsForm": "NotAllowed",
            "settings.creators.GuildWordsForm": "NotAllowed",
            "settings.creators.QuestionsForm": "NotAllowed",
            "settings.forms.Currency": "NotAllowed",
            "settings.forms.MessagePrices": "NotAllowed",
            "settings.forms.Threshold": "NotAllowed",
            "settings.limits.NewAccountsForm": "NotAllowed",
            "settings.limits.RatesForm": "NotAllowed",
            "settings.payment_forms.HoldsForm": "NotAllowed",
            "settings.payment_forms.ManualForm": "NotAllowed",
            "settings.payment_forms.PayoutsForm": "NotAllowed",
            "settings.transfers.TransfersForm": "NotAllowed",
        },
    },
}
