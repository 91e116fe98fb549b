"""The tests that press each button and menu with success: actions by file and test."""

from collections.abc import Mapping, Set

ANSWERED_PRESSES: Mapping[str, Mapping[str, Set[str]]] = {
    "test_after_the_show": {
        "test_a_creator_thanks_everyone_from_the_recap_and_only_once": {"thank-event"},
        "test_anybody_opens_a_leaderboard_of_their_own_from_board_and_recap": {"board-open"},
        "test_the_next_show_begins_with_title_and_goal_of_the_last": {"live-again"},
    },
    "test_announcement_settings": {
        "test_a_time_of_day_that_is_none_is_refused": {"settings-quiet"},
        "test_small_gifts_may_go_untold_outside_of_live_events": {"settings-announcing", "settings-tier"},
    },
    "test_announcements": {
        "test_outside_of_a_live_event_gifts_are_told_in_the_gift_channel": {"settings-channel"},
    },
    "test_anonymous_gifts": {
        "test_a_board_and_its_recap_count_nobody_for_an_anonymous_gift": {"live-end"},
        "test_the_thank_queue_has_one_entry_for_whoever_gave_without_a_name": {"thank"},
    },
    "test_applying": {
        "test_a_member_takes_an_application_back_and_nobody_else_decides": {"apply-withdraw"},
        "test_staff_ask_members_answer_and_the_press_of_a_button_makes_a_creator": {"settings-questions"},
        "test_staff_hear_of_an_application_in_a_channel_and_decline_with_a_reason": {"application-no"},
        "test_where_staff_take_no_applications_members_are_told": {"settings-apply", "settings-creators"},
        "test_whoever_joins_the_staff_after_applying_is_not_approved_unless_that_is_allowed": {"application-yes"},
    },
    "test_boards": {
        "test_several_creators_share_a_show": {"live-creators"},
    },
    "test_budgets_on_screen": {
        "test_a_budget_is_shown_before_a_gift_warned_of_and_kept_to": {"pick-send"},
        "test_a_raise_waits_and_can_be_called_off_and_a_pause_cannot": {"budget-keep", "budget-pause"},
        "test_below_a_refusal_a_button_leads_to_the_budget_that_says_no": {"budget-open"},
        "test_staff_limit_new_accounts_in_the_settings": {"settings-young"},
        "test_the_form_of_limits_says_what_each_is_for": {"budget-change"},
    },
    "test_buying": {
        "test_a_menu_of_an_earlier_version_still_leads_to_its_package": {"buy-pick"},
        "test_as_many_packages_as_there_can_be_have_a_button_each": {"buy-page"},
    },
    "test_buying_within_limits": {
        "test_a_new_account_is_told_when_it_may_buy": {"settings-limits-edit"},
        "test_coins_are_sold_only_in_age_restricted_channels_where_a_guild_wants_that": {
            "settings-adults",
            "settings-limits",
        },
        "test_packages_in_another_currency_wait_for_a_rate": {"settings-rates-edit"},
        "test_staff_are_sent_the_guide_from_packages_and_from_settings": {"settings-guide", "settings-payments"},
    },
    "test_cases": {
        "test_a_channel_without_files_says_where_to_get_the_evidence": {"case-evidence"},
        "test_a_treasurer_adds_the_coins_and_the_buyer_hears_with_their_next_reply": {"case-credit"},
        "test_a_treasurer_sends_the_money_back": {"case-return"},
        "test_what_somebody_has_decided_is_not_decided_again": {"case-close"},
    },
    "test_challenges_on_screen": {
        "test_a_bot_that_is_killed_while_it_gives_prizes_gives_each_once": {
            "challenge-draft",
            "challenge-form",
            "challenge-post",
            "challenge-prizes",
        },
        "test_a_challenge_is_seen_before_it_is_posted_and_its_prizes_come_at_its_end": {
            "challenge-end",
            "challenge-open",
            "challenge-prize-role",
        },
        "test_auditors_see_drafts_and_challenges_without_what_they_may_not_press": {"challenge-list"},
        "test_drafts_are_listed_changed_and_deleted_and_refused_where_they_make_no_sense": {
            "challenge-discard",
            "challenge-leagues",
        },
    },
    "test_chests_on_screen": {
        "test_a_kill_in_the_middle_takes_nothing_from_a_chest": {"chest-take", "settings-chests-edit"},
        "test_managers_close_a_chest_that_should_not_be_open": {
            "chest-open",
            "settings-chest-close",
            "settings-chests",
        },
        "test_newcomers_and_members_without_the_role_are_told_why_not": {"chest-end", "settings-sponsors"},
    },
    "test_chipping_in": {
        "test_a_large_part_is_asked_about_with_what_it_is_worth_and_reserved_once": {"chip-confirm", "chip-other"},
        "test_members_pool_for_a_gift_that_goes_out_in_the_name_of_all": {"chip"},
        "test_what_comes_back_pays_a_debt_first_and_the_answer_says_so": {"chip-back"},
    },
    "test_creator_stats_on_screen": {
        "test_a_creator_reads_when_what_and_from_whom": {"statements", "stats-file"},
    },
    "test_creators_choices": {
        "test_a_board_takes_no_gifts_during_a_break_and_takes_them_again": {"resume-gifts"},
        "test_an_anonymous_sender_is_blocked_and_never_named": {"block-anonymous", "block-sender"},
        "test_senders_read_of_a_break_a_block_and_a_word_and_pay_nothing": {"block-lift", "block-words"},
        "test_the_sender_of_a_gift_is_blocked_from_the_list_of_gifts_and_unblocked": {"sender-block", "sender-unblock"},
    },
    "test_direct_payments": {
        "test_a_code_that_nobody_has_is_not_found": {"case-find"},
        "test_a_purchase_from_the_code_to_the_receipt": {"case-confirm-too"},
        "test_money_that_never_came_is_said_to_the_buyer": {"buy-sent", "case-deny"},
        "test_money_that_staff_sent_back_takes_the_coins_with_it": {"case-sent-back"},
        "test_one_person_is_enough_where_the_server_says_so": {"case-confirm"},
    },
    "test_discord_purchases": {
        "test_a_purchase_of_an_unknown_type_waits_for_staff_who_are_sent_to_discord": {"case"},
    },
    "test_earnings_on_screen": {
        "test_a_creator_reads_what_is_held_and_why": {"statement-pick"},
        "test_staff_shorten_the_hold_of_the_next_gifts": {"settings-holds"},
    },
    "test_edited_forms": {
        "test_a_refused_wish_is_edited_until_it_is_accepted_and_paid_once": {"form-edit"},
    },
    "test_exporting": {
        "test_an_owner_reads_which_parts_came_and_gets_all_of_them_again": {"settings-export"},
    },
    "test_fan_clubs": {
        "test_a_heart_brings_the_role_of_the_club_and_a_reversal_takes_it": {
            "settings-club",
            "settings-club-role",
            "settings-clubs",
        },
    },
    "test_fans_only": {
        "test_whoever_got_their_heart_back_is_no_fan_any_more": {"coins-reverse"},
    },
    "test_flags_on_screen": {
        "test_nobody_sees_or_decides_a_flag_that_names_them": {"flag", "flag-uphold"},
        "test_what_looks_odd_is_told_shown_and_taken_back": {"flag-ask", "flag-reverse"},
    },
    "test_freezing_on_screen": {
        "test_a_flag_freezes_one_of_those_whom_it_names": {"flag-clear", "freeze-pick"},
        "test_staff_freeze_and_unfreeze_from_the_case_and_the_lookup_and_never_themselves": {"unfreeze"},
    },
    "test_gift": {
        "test_a_confirm_panel_still_works_after_a_restart": {"gift-send"},
        "test_cancelling_charges_nothing": {"gift-close"},
        "test_no_answer_is_asked_back_as_what_it_has_become": {"pick-note"},
    },
    "test_gift_again": {
        "test_a_message_is_not_said_twice_but_a_mask_stays_on": {"gift-again"},
        "test_only_what_the_balance_can_pay_is_offered_and_coins_where_it_is_used_up": {"shop"},
    },
    "test_gift_reactions": {
        "test_a_fault_of_discord_is_waited_for": {"thanks-react"},
    },
    "test_gifts_for_several": {
        "test_one_gift_reaches_several_creators_and_is_announced_once": {"team"},
    },
    "test_granting_to_many": {
        "test_a_file_is_previewed_granted_once_and_undone": {"coins-grant-many", "coins-undo"},
        "test_names_a_ratio_and_the_limit_of_one_grant": {"settings-grants", "settings-grants-edit"},
    },
    "test_hidden_commands": {
        "test_a_guild_whose_roles_see_their_commands_hears_nothing": {"settings-role"},
    },
    "test_history_on_screen": {
        "test_a_member_finds_everything_that_happened_to_their_coins": {"history", "history-open", "history-view"},
        "test_a_receipt_is_looked_up_by_its_owner_alone_and_all_of_them_saved": {"history-file", "history-find"},
    },
    "test_hopping_on": {
        "test_whoever_hops_on_attends_and_presses_again_for_nothing": {"hop-on"},
    },
    "test_hosting": {
        "test_where_several_could_be_on_stage_the_chat_asks_whose_show_it_is": {"stage-live"},
    },
    "test_kofi": {
        "test_a_payment_without_a_code_is_assigned_to_the_order": {"case-assign"},
        "test_a_payment_without_an_order_is_assigned_to_a_member": {"case-member", "case-package"},
        "test_an_address_that_is_no_page_is_refused": {"settings-kofi"},
    },
    "test_large_grants": {
        "test_a_grant_is_made_once_however_often_it_is_confirmed": {"coins-grant"},
    },
    "test_level_roles": {
        "test_a_killed_bot_goes_on_where_it_was_and_finds_what_happened_meanwhile": {
            "settings-level",
            "settings-level-role",
            "settings-levels",
        },
    },
    "test_limits_on_grants": {
        "test_a_request_that_was_declined_or_has_lapsed_grants_nothing": {"grant-decline"},
    },
    "test_live": {
        "test_a_second_page_shows_the_following_places": {"board-page"},
    },
    "test_lookup": {
        "test_a_batch_is_undone_for_everyone_from_its_receipt_or_one_row_of_it": {"coins-undo-ask"},
        "test_a_creator_declines_a_gift_without_learning_who_sent_it": {"decline", "decline-ask"},
        "test_a_journal_is_turned_page_by_page_and_shown_by_kind": {"lookup", "lookup-kind"},
        "test_a_moderator_answers_what_happened_and_undoes_a_mistake": {"lookup-reverse"},
        "test_a_moderator_declines_a_gift_for_its_creator_and_the_sender_hears": {
            "lookup-decline",
            "lookup-decline-ask",
        },
    },
    "test_managers": {
        "test_a_share_of_promo_coins_warns_and_each_change_of_shares_stands_beside_the_creators": {"settings-form"},
    },
    "test_matches": {
        "test_a_creator_who_leaves_the_match_loses_nothing": {"match-leave"},
        "test_a_match_takes_two_creators_who_are_free": {"settings-matches"},
        "test_an_invitation_pings_once_can_be_declined_and_expires": {"match-decline"},
        "test_the_winner_is_announced_once_and_another_match_waits_for_the_end": {"match-join"},
    },
    "test_menus": {
        "test_board_and_period_change_on_the_message_of_whoever_asked": {"board-board", "board-period"},
        "test_each_choice_of_privacy_is_a_switch": {"privacy-switch"},
        "test_help_is_searched_by_words_and_says_what_to_do_now": {"help-topic"},
    },
    "test_monthly_proof": {
        "test_it_is_shown_to_staff_and_posted_once_the_month_is_over": {"settings-proof", "settings-proof-channel"},
    },
    "test_news": {
        "test_staff_who_are_creators_read_once_which_rules_concern_them": {"settings-staff-creators"},
        "test_the_button_below_leads_to_a_gift": {"gift-open"},
        "test_who_gives_to_themselves_has_read_so_already": {"grant-confirm"},
        "test_whoever_is_frozen_reads_why_with_their_next_reply": {"freeze"},
    },
    "test_overlay_card": {
        "test_a_card_from_before_the_link_asks_as_well": {"overlay-link"},
        "test_a_creator_finds_the_card_where_they_look_for_it": {"overlay"},
        "test_a_host_steers_the_overlay_of_another_but_sees_and_makes_no_link": {"overlay-steer"},
        "test_a_host_switches_to_another_creators_overlay": {"overlay-pick"},
        "test_a_new_link_asks_first_and_can_be_left": {"overlay-back"},
        "test_staff_choose_which_messages_appear_and_whether_they_wait": {
            "settings-overlay-hold",
            "settings-overlay-tier",
            "settings-overlays",
        },
    },
    "test_overlay_sources": {
        "test_turning_it_off_asks_and_then_closes_the_source": {"overlay-off"},
    },
    "test_own_data": {
        "test_an_announcement_that_grows_after_a_deletion_names_the_member_no_more": {"privacy-deleted"},
    },
    "test_paying_by_transfer_on_screen": {
        "test_a_payout_is_sent_through_stripe_by_the_second_of_two": {
            "payout-account",
            "payout-approve",
            "payout-ask-transfer",
            "payout-send-transfer",
            "settings-transfers",
        },
    },
    "test_payment_methods": {
        "test_members_can_buy_until_the_last_payment_method_is_switched_off": {"settings-methods"},
    },
    "test_payments": {
        "test_what_was_paid_beyond_a_limit_is_credited_and_told_to_staff": {"buy-cancel"},
    },
    "test_payouts_on_screen": {
        "test_a_creator_takes_a_request_back": {"payout-take-back"},
        "test_a_payout_from_the_earnings_to_the_money": {"payout-amount", "payout-ask", "payout-paid"},
        "test_a_rejection_is_told_with_its_reason_and_gives_everything_back": {"payout", "payout-reject"},
        "test_staff_hear_once_of_a_request_without_a_name_or_an_amount": {"payout-request"},
        "test_what_cannot_be_requested_is_said": {"settings-payouts"},
    },
    "test_perks_on_screen": {
        "test_a_bot_that_is_killed_after_the_charge_delivers_when_it_is_back": {"perks-get", "perks-pick"},
        "test_a_role_out_of_reach_is_refused_or_goes_back": {"perks-own"},
        "test_a_shout_out_from_the_wish_to_its_end": {"perks-queue", "perks-ticket"},
        "test_staff_hear_of_shout_outs_of_the_server_without_a_ping": {"perks-ask"},
        "test_staff_see_what_a_return_does_before_it_does_it": {"perk-return"},
        "test_texts_and_files_come_privately_and_are_read_again": {"perks-read"},
        "test_the_panel_in_a_channel_shows_what_is_offered_now": {"perks"},
    },
    "test_picker": {
        "test_gifts_come_in_the_order_in_which_they_can_be_paid": {"pick-item"},
        "test_more_gifts_than_a_menu_holds_have_pages": {"pick-page"},
        "test_the_menu_of_a_member_leads_to_a_gift_with_count_message_and_mask": {"pick-anonymous"},
    },
    "test_pictures": {
        "test_a_shelf_of_more_than_nine_gifts_has_pages": {"gifts-page"},
        "test_an_answer_in_words_takes_the_picture_of_the_one_before_away": {"gifts-tier"},
    },
    "test_policy": {
        "test_a_button_works_where_discord_names_nobody": {"settings-page"},
    },
    "test_prices": {
        "test_the_price_of_many_pieces_is_a_ceiling_for_all_of_them": {"pick-count"},
    },
    "test_public_language": {
        "test_a_restarted_bot_knows_the_language_before_anybody_asks": {"settings-language"},
    },
    "test_rare_presses": {
        "test_a_gift_for_several_and_a_panel_of_an_earlier_version_are_closed": {"gift-cancel", "team-close"},
        "test_a_member_is_blocked_from_the_menu_and_the_anonymous_gifts_lead_back": {"block-list", "block-member"},
        "test_a_members_data_is_two_presses_from_their_privacy": {"privacy-delete", "privacy-export"},
        "test_a_prize_is_changed_and_removed_before_the_challenge_is_posted": {
            "challenge-prize",
            "challenge-prize-off",
        },
        "test_a_word_that_nobody_may_send_is_refused_with_every_gift": {"settings-words"},
        "test_of_two_challenges_the_other_one_is_in_a_menu": {"challenge-shown"},
        "test_stats_are_shown_for_another_period_and_any_month": {"stats-period"},
        "test_whoever_cancels_an_order_finds_the_other_packages": {"buy-back"},
    },
    "test_redeeming": {
        "test_members_of_a_role_claim_coins_by_a_button_that_survives_a_restart": {"claim"},
    },
    "test_refused_people": {
        "test_a_gift_for_nobody_offers_the_creators_there_are": {"gift-to"},
    },
    "test_results_of_the_week": {
        "test_members_see_who_is_around_them": {"board-around"},
        "test_results_are_posted_before_the_week_ends_and_edited_when_it_is_over": {
            "settings-results",
            "settings-results-switch",
        },
    },
    "test_short_ways": {
        "test_nothing_is_offered_that_cannot_be_paid_or_sent_any_more": {"live-gift"},
        "test_the_gift_is_not_forgotten_where_a_creator_has_to_be_picked": {"gifts-send", "pick-creator"},
    },
    "test_staff_log": {
        "test_an_hour_is_summed_up_without_the_senders_of_anonymous_gifts": {"settings-log", "settings-log-channel"},
    },
    "test_storms": {
        "test_all_notes_of_an_announcement_are_behind_its_button_also_after_a_restart": {"notes"},
    },
    "test_stripe": {
        "test_a_server_sells_at_its_own_stripe_account": {"settings-stripe"},
    },
    "test_thanks": {
        "test_a_thank_you_is_sent_once_though_the_bot_dies_before_it_is": {"thank-all"},
        "test_everyone_can_be_thanked_by_name_the_most_generous_first": {"thanks-page"},
    },
    "test_top_ups": {
        "test_a_bot_that_is_killed_between_the_form_and_the_payment_sends_the_gift": {"buy-gift"},
    },
    "test_trying_things_out": {
        "test_beside_real_money_they_count_on_no_board_and_are_kept_apart": {"settings-manual"},
    },
    "test_turning_pages": {
        "test_applications": {"applications", "applications-page"},
        "test_cases": {"cases-page"},
        "test_creators": {"creators-page"},
        "test_flags": {"flags-page", "lookup-flag"},
        "test_gifts_of_the_catalogue": {"catalogue-page"},
        "test_packages": {"packages-page"},
        "test_payouts": {"payouts-page"},
        "test_perks_for_members_and_for_those_who_keep_them": {"perk-list-page", "perks-page"},
        "test_purchases_of_a_member": {"history-orders"},
    },
    "test_weekly_recap": {
        "test_a_creator_gets_one_recap_of_the_last_week_and_can_stop_them": {
            "creator-stats-direct",
            "creator-weeks-choice",
        },
        "test_who_takes_no_direct_messages_reads_of_the_recap_with_the_next_reply": {"creator-week"},
    },
    "test_withdrawing": {
        "test_a_buyer_withdraws_from_the_receipt_and_the_money_goes_back": {
            "settings-withdraw",
            "withdraw",
            "withdraw-confirm",
        },
    },
}
