CREATE TABLE "proposals" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"act" jsonb NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "proposals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"name" text NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"side" text NOT NULL,
	"organisation" text,
	"actor_role" text NOT NULL,
	"assurance" text,
	"purpose" text,
	"case_id" text,
	"pupil_id" text,
	"object_digest" text,
	"visible_to" text[],
	"person_visible" boolean NOT NULL,
	"sealed_detail" "bytea" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"key_ref" text NOT NULL,
	"wrapped_key" "bytea" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_log" (
	"origin" text NOT NULL,
	"idx" bigint NOT NULL,
	"leaf" "bytea" NOT NULL,
	"entry" text NOT NULL,
	"slice" text NOT NULL,
	"seq" bigint NOT NULL,
	"school_slice" text,
	"school_seq" bigint,
	"event_id" uuid,
	CONSTRAINT "audit_log_origin_idx_pk" PRIMARY KEY("origin","idx")
);
--> statement-breakpoint
ALTER TABLE "audit_log" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_pending" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_pending_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_id" uuid NOT NULL,
	"organisation" text,
	"body" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_pending" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "checkpoints" (
	"origin" text NOT NULL,
	"size" bigint NOT NULL,
	"root" "bytea" NOT NULL,
	"note" text NOT NULL,
	"signed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"published_at" timestamp (3) with time zone,
	CONSTRAINT "checkpoints_origin_size_pk" PRIMARY KEY("origin","size")
);
--> statement-breakpoint
ALTER TABLE "checkpoints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "log_nodes" (
	"origin" text NOT NULL,
	"level" bigint NOT NULL,
	"idx" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "log_nodes_origin_level_idx_pk" PRIMARY KEY("origin","level","idx")
);
--> statement-breakpoint
ALTER TABLE "log_nodes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "log_slices" (
	"origin" text NOT NULL,
	"kind" text NOT NULL,
	"owner" text NOT NULL,
	"slice" text NOT NULL,
	"key" "bytea",
	"size" bigint NOT NULL,
	CONSTRAINT "log_slices_origin_kind_owner_pk" PRIMARY KEY("origin","kind","owner")
);
--> statement-breakpoint
ALTER TABLE "log_slices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "log_state" (
	"origin" text PRIMARY KEY NOT NULL,
	"size" bigint NOT NULL,
	"compact_range" "bytea" NOT NULL,
	"root" "bytea" NOT NULL,
	"epoch" bigint NOT NULL,
	"time" timestamp (3) with time zone NOT NULL,
	"alive_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "log_state" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "log_witnesses" (
	"origin" text NOT NULL,
	"witness" text NOT NULL,
	"size" bigint NOT NULL,
	"cosigned_at" timestamp (3) with time zone,
	"trouble" text,
	"trouble_at" timestamp (3) with time zone,
	CONSTRAINT "log_witnesses_origin_witness_pk" PRIMARY KEY("origin","witness")
);
--> statement-breakpoint
ALTER TABLE "log_witnesses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "alert_cursors" (
	"origin" text PRIMARY KEY NOT NULL,
	"next" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "alert_cursors" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "alert_sightings" (
	"rule" text NOT NULL,
	"subject" text NOT NULL,
	"event_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"alert_id" text,
	CONSTRAINT "alert_sightings_rule_subject_event_id_pk" PRIMARY KEY("rule","subject","event_id")
);
--> statement-breakpoint
ALTER TABLE "alert_sightings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "alert_tellings" (
	"organisation" text NOT NULL,
	"rule" text NOT NULL,
	"told_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "alert_tellings_organisation_rule_pk" PRIMARY KEY("organisation","rule")
);
--> statement-breakpoint
ALTER TABLE "alert_tellings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "alert_thresholds" (
	"board" text NOT NULL,
	"rule" text NOT NULL,
	"threshold" integer NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "alert_thresholds_board_rule_pk" PRIMARY KEY("board","rule")
);
--> statement-breakpoint
ALTER TABLE "alert_thresholds" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "alert_waits" (
	"case_id" text NOT NULL,
	"organisation" text NOT NULL,
	"event_id" uuid NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"raised" text[] NOT NULL,
	CONSTRAINT "alert_waits_case_id_organisation_pk" PRIMARY KEY("case_id","organisation")
);
--> statement-breakpoint
ALTER TABLE "alert_waits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"rule_version" integer NOT NULL,
	"severity" text NOT NULL,
	"subject" text NOT NULL,
	"organisation" text NOT NULL,
	"board" text,
	"to_school" boolean NOT NULL,
	"case_id" text,
	"actors" text[] NOT NULL,
	"count" integer NOT NULL,
	"threshold" integer NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"settled_by" text,
	"settled_role" text,
	"settled_for" text,
	"settled_at" timestamp with time zone,
	"close_reason" text,
	"note" text,
	"told_school" boolean NOT NULL,
	"told_board" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "alerts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "board_glasses" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"board_code" text NOT NULL,
	"schools" text[] NOT NULL,
	"staff_id" text NOT NULL,
	"person_key" text NOT NULL,
	"category" text NOT NULL,
	"reason" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"reviewed_by" text,
	"reviewed_at" timestamp with time zone,
	"justified" boolean,
	"review_reason" text
);
--> statement-breakpoint
ALTER TABLE "board_glasses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "published_months" (
	"month" date PRIMARY KEY NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"statistics" jsonb NOT NULL,
	"signed" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "published_months" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "badge_keys" (
	"school_code" text PRIMARY KEY NOT NULL,
	"thumbprint" text NOT NULL,
	"n" text NOT NULL,
	"e" text NOT NULL,
	"root_ref" text NOT NULL,
	"wrapped_key" "bytea" NOT NULL,
	"sealed_private_key" "bytea" NOT NULL,
	"made_by" uuid NOT NULL,
	"made_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "badge_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "credential_status_lists" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"issuer" text NOT NULL,
	"taken" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "credential_status_lists" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "credentials" (
	"id" text PRIMARY KEY NOT NULL,
	"certificate_id" text NOT NULL,
	"school_code" text NOT NULL,
	"list_id" text NOT NULL,
	"list_index" integer NOT NULL,
	"form" text NOT NULL,
	"is_bound" boolean NOT NULL,
	"share_id" text,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "credentials_entry" UNIQUE("list_id","list_index")
);
--> statement-breakpoint
ALTER TABLE "credentials" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_share_views" (
	"share_id" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"times" integer NOT NULL,
	CONSTRAINT "certificate_share_views_share_id_hour_pk" PRIMARY KEY("share_id","hour")
);
--> statement-breakpoint
ALTER TABLE "certificate_share_views" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_shares" (
	"id" text PRIMARY KEY NOT NULL,
	"certificate_id" text NOT NULL,
	"request_id" text NOT NULL,
	"school_code" text NOT NULL,
	"pupil_id" text NOT NULL,
	"person_id" text NOT NULL,
	"secret_key" text NOT NULL,
	"pin_hash" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"sealed" "bytea" NOT NULL,
	"whole" boolean NOT NULL,
	"once" boolean NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"used_at" timestamp with time zone,
	"first_viewed_at" timestamp with time zone,
	"sealed_presentation" "bytea",
	"presentation_until" timestamp with time zone,
	CONSTRAINT "certificate_shares_secret_key_unique" UNIQUE("secret_key")
);
--> statement-breakpoint
ALTER TABLE "certificate_shares" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_watchers" (
	"id" text PRIMARY KEY NOT NULL,
	"share_id" text NOT NULL,
	"certificate_id" text NOT NULL,
	"address_key" text NOT NULL,
	"sealed_address" "bytea" NOT NULL,
	"token_hash" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"told_at" timestamp with time zone,
	CONSTRAINT "certificate_watchers_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "certificate_watchers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_counters" (
	"school_code" text NOT NULL,
	"school_year" integer NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "certificate_counters_school_code_school_year_pk" PRIMARY KEY("school_code","school_year")
);
--> statement-breakpoint
ALTER TABLE "certificate_counters" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_evidence" (
	"certificate_id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"counts_until" timestamp with time zone,
	"look_at" timestamp with time zone,
	"problem" text
);
--> statement-breakpoint
ALTER TABLE "certificate_evidence" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_files" (
	"certificate_id" text NOT NULL,
	"sha256" text NOT NULL,
	"level" text,
	"replaced_at" timestamp with time zone NOT NULL,
	CONSTRAINT "certificate_files_certificate_id_sha256_pk" PRIMARY KEY("certificate_id","sha256")
);
--> statement-breakpoint
ALTER TABLE "certificate_files" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"origin_code" text,
	"pupil_id" text,
	"entry_id" text,
	"relation" text NOT NULL,
	"person_id" text,
	"entered_by" text,
	"agent_reference" text,
	"kind" text NOT NULL,
	"language" text NOT NULL,
	"copies" integer NOT NULL,
	"purpose" text NOT NULL,
	"fee_yen" integer NOT NULL,
	"assurance" text NOT NULL,
	"consent" jsonb,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"problem" jsonb,
	"refusal" text,
	"replaces" text,
	"replacement" text,
	"requested_at" timestamp with time zone NOT NULL,
	"content_digest" text,
	"checked_by" text,
	"checked_by_key" text,
	"checked_at" timestamp with time zone,
	"approved_by" text,
	"approved_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "certificate_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_settings" (
	"school_code" text PRIMARY KEY NOT NULL,
	"kinds" jsonb NOT NULL,
	"version" integer NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "certificate_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_templates" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"wording" jsonb NOT NULL,
	"seal_image" "bytea",
	"state" text NOT NULL,
	"drafted_by" text NOT NULL,
	"drafted_at" timestamp with time zone NOT NULL,
	"published_by" text,
	"published_at" timestamp with time zone,
	CONSTRAINT "certificate_templates_version" UNIQUE("school_code","kind","version")
);
--> statement-breakpoint
ALTER TABLE "certificate_templates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificates" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"school_code" text NOT NULL,
	"pupil_id" text,
	"person_id" text,
	"number" text NOT NULL,
	"copy_number" integer NOT NULL,
	"copy_of" integer NOT NULL,
	"kind" text NOT NULL,
	"language" text NOT NULL,
	"template_id" text NOT NULL,
	"code" text NOT NULL,
	"issued_on" date NOT NULL,
	"state" text NOT NULL,
	"object_id" text,
	"sha256" text,
	"level" text,
	"issued_at" timestamp with time zone,
	"revocation_reason" text,
	"revocation_asked_by" text,
	"revocation_asked_by_key" text,
	"revocation_asked_at" timestamp with time zone,
	"revocation_declined" text,
	"revoked_by" text,
	"revoked_at" timestamp with time zone,
	"superseded_by" text,
	"superseded_at" timestamp with time zone,
	CONSTRAINT "certificates_code_unique" UNIQUE("code"),
	CONSTRAINT "certificates_number" UNIQUE("school_code","number"),
	CONSTRAINT "certificates_copy" UNIQUE("request_id","copy_number")
);
--> statement-breakpoint
ALTER TABLE "certificates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_register_corrections" (
	"id" text PRIMARY KEY NOT NULL,
	"entry_id" text NOT NULL,
	"school_code" text NOT NULL,
	"by_school" text NOT NULL,
	"by_staff" text NOT NULL,
	"ground" text NOT NULL,
	"reference" text NOT NULL,
	"version" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "certificate_register_corrections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "certificate_register" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"pupil_id" text,
	"number_key" text NOT NULL,
	"sealed_facts" "bytea" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "certificate_register_number" UNIQUE("school_code","number_key"),
	CONSTRAINT "certificate_register_pupil" UNIQUE("school_code","pupil_id")
);
--> statement-breakpoint
ALTER TABLE "certificate_register" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "wallet_authorizations" (
	"request_hash" text PRIMARY KEY NOT NULL,
	"offer_id" text NOT NULL,
	"client_id" text NOT NULL,
	"redirect_uri" text NOT NULL,
	"code_challenge" text NOT NULL,
	"wallet_state" text,
	"proof_key" text,
	"state" text NOT NULL,
	"code_hash" text,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "wallet_authorizations_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
ALTER TABLE "wallet_authorizations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "wallet_offers" (
	"id" text PRIMARY KEY NOT NULL,
	"certificate_id" text NOT NULL,
	"kind" text NOT NULL,
	"school_code" text NOT NULL,
	"person_id" text NOT NULL,
	"assurance" text NOT NULL,
	"revocation" text NOT NULL,
	"session_id" text NOT NULL,
	"authenticated_at" timestamp with time zone NOT NULL,
	"code_hash" text NOT NULL,
	"state_hash" text NOT NULL,
	"pin_hash" text NOT NULL,
	"pin_misses" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"token_hash" text,
	"token_key" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "wallet_offers_code_hash_unique" UNIQUE("code_hash"),
	CONSTRAINT "wallet_offers_state_hash_unique" UNIQUE("state_hash"),
	CONSTRAINT "wallet_offers_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "wallet_offers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "wallet_spent" (
	"hash" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "wallet_spent" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "board_closures" (
	"id" text PRIMARY KEY NOT NULL,
	"board_code" text NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "board_closures" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "administrators" (
	"id" text PRIMARY KEY NOT NULL,
	"staff_id" text NOT NULL,
	"founder_number" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "administrators" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "founders" (
	"corporate_number" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "founders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"homeroom" text,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"confirmed_by" text,
	"code_hash" text,
	"code_expires_at" timestamp with time zone,
	"failed_tries" integer DEFAULT 0 NOT NULL,
	"redeemed_at" timestamp with time zone,
	"redeemed_by" text,
	"cancelled_at" timestamp with time zone,
	CONSTRAINT "invitations_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" text PRIMARY KEY NOT NULL,
	"staff_id" text NOT NULL,
	"school_code" text NOT NULL,
	"role" text NOT NULL,
	"homeroom" text,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "memberships" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "organisations" (
	"code" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"name_kana" text NOT NULL,
	"name_english" text NOT NULL,
	"prefecture" text NOT NULL,
	"town" text NOT NULL,
	"founder_number" text,
	"board_code" text,
	"state" text DEFAULT 'open' NOT NULL,
	"successor_code" text,
	"contact_mail" text
);
--> statement-breakpoint
ALTER TABLE "organisations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "protection_clearances" (
	"order_id" text NOT NULL,
	"guardian_id" text NOT NULL,
	"school_code" text NOT NULL,
	"entered_by" text NOT NULL,
	"entered_by_key" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	CONSTRAINT "protection_clearances_order_id_guardian_id_pk" PRIMARY KEY("order_id","guardian_id")
);
--> statement-breakpoint
ALTER TABLE "protection_clearances" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "protection_marks" (
	"order_id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"subject" text NOT NULL,
	"excludes_pupil" boolean NOT NULL,
	CONSTRAINT "protection_marks_once" UNIQUE("subject","school_code")
);
--> statement-breakpoint
ALTER TABLE "protection_marks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "protection_members" (
	"order_id" text NOT NULL,
	"staff_id" text NOT NULL,
	"school_code" text NOT NULL,
	CONSTRAINT "protection_members_order_id_staff_id_pk" PRIMARY KEY("order_id","staff_id")
);
--> statement-breakpoint
ALTER TABLE "protection_members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "protection_orders" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"subject" text NOT NULL,
	"source" text NOT NULL,
	"starts_on" date NOT NULL,
	"review_on" date NOT NULL,
	"entered_by" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"reminded_of" date,
	"lift_asked_by" text,
	"lift_asked_by_key" text,
	"lift_asked_at" timestamp with time zone,
	"lifted_by" text,
	"lifted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "protection_orders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "pupils" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"master_identifier" text,
	"official_name" text NOT NULL,
	"non_standard_characters" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"display_name" text NOT NULL,
	"kana" text NOT NULL,
	"birth_date" date NOT NULL,
	"grade" text NOT NULL,
	"homeroom" text NOT NULL,
	"state" text DEFAULT 'enrolled' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "pupils" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"person_key" text NOT NULL,
	"name" text NOT NULL,
	"founder_number" text NOT NULL,
	"last_login_at" timestamp with time zone,
	"contact_mail" text,
	"former_mail" text,
	"former_mail_until" timestamp with time zone,
	CONSTRAINT "staff_account" UNIQUE("issuer","subject")
);
--> statement-breakpoint
ALTER TABLE "staff" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "access_codes" (
	"id" text PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"pupil_id" text NOT NULL,
	"school_code" text NOT NULL,
	"guardian_id" text,
	"issued_by" text NOT NULL,
	"issued_by_key" text NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"numbers_sent" integer DEFAULT 0 NOT NULL,
	"released_at" timestamp with time zone,
	"released_by" text,
	"used_at" timestamp with time zone,
	"used_by" text,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by" text,
	CONSTRAINT "access_codes_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
ALTER TABLE "access_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "code_attempts" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"code_id" text,
	"number_hash" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "code_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "machine_clients" (
	"client_id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"name" text NOT NULL,
	"vendor" text DEFAULT '' NOT NULL,
	"scopes" jsonb NOT NULL,
	"requests_per_minute" integer,
	"uploads_per_day" integer DEFAULT 2000 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"blocked_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "machine_clients" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "machine_keys" (
	"client_id" text NOT NULL,
	"thumbprint" text NOT NULL,
	"school_code" text NOT NULL,
	"jwk" jsonb NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	"retires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "machine_keys_client_id_thumbprint_pk" PRIMARY KEY("client_id","thumbprint")
);
--> statement-breakpoint
ALTER TABLE "machine_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "machine_uploads" (
	"client_id" text NOT NULL,
	"day" date NOT NULL,
	"school_code" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "machine_uploads_client_id_day_pk" PRIMARY KEY("client_id","day")
);
--> statement-breakpoint
ALTER TABLE "machine_uploads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "guardian_consents" (
	"id" text PRIMARY KEY NOT NULL,
	"pupil_id" text NOT NULL,
	"guardian_id" text NOT NULL,
	"school_code" text NOT NULL,
	"given_by" text NOT NULL,
	"scope" jsonb NOT NULL,
	"given_at" timestamp with time zone NOT NULL,
	"until" date NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by" text
);
--> statement-breakpoint
ALTER TABLE "guardian_consents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "guardian_notices" (
	"job_id" text NOT NULL,
	"receiver" text NOT NULL,
	"person_id" text,
	"pupil_id" text NOT NULL,
	"subject" text NOT NULL,
	"request_id" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "guardian_notices_job_id_receiver_pk" PRIMARY KEY("job_id","receiver")
);
--> statement-breakpoint
ALTER TABLE "guardian_notices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "guardians" (
	"id" text PRIMARY KEY NOT NULL,
	"pupil_id" text NOT NULL,
	"school_code" text NOT NULL,
	"name" text NOT NULL,
	"kana" text NOT NULL,
	"relation" text NOT NULL,
	"custody" text NOT NULL,
	"contact_mail" text,
	"sees_records" boolean NOT NULL,
	"sees_health" boolean NOT NULL,
	"sees_ledger" boolean NOT NULL,
	"valid_from" date NOT NULL,
	"valid_until" date,
	"state" text NOT NULL,
	"entered_by" text NOT NULL,
	"entered_by_key" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	"reason" text,
	"majority_ahead_at" timestamp with time zone,
	"majority_told_at" timestamp with time zone,
	"corrected_fields" text[],
	"former_mail" text,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "guardians" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "linking_codes" (
	"id" text PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"pupil_id" text NOT NULL,
	"school_code" text NOT NULL,
	"relation" text NOT NULL,
	"guardian_id" text,
	"issued_by" text NOT NULL,
	"issued_by_key" text NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"failed_tries" integer DEFAULT 0 NOT NULL,
	"redeemed_at" timestamp with time zone,
	"redeemed_by" text,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by" text,
	CONSTRAINT "linking_codes_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
ALTER TABLE "linking_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "linking_refusals" (
	"person_id" text NOT NULL,
	"day" date NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "linking_refusals_person_id_day_pk" PRIMARY KEY("person_id","day")
);
--> statement-breakpoint
ALTER TABLE "linking_refusals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "pupil_links" (
	"id" text PRIMARY KEY NOT NULL,
	"pupil_id" text NOT NULL,
	"person_id" text NOT NULL,
	"school_code" text NOT NULL,
	"relation" text NOT NULL,
	"guardian_id" text,
	"linked_at" timestamp with time zone NOT NULL,
	"assurance" text NOT NULL,
	"check_number" text NOT NULL,
	"issued_by" text NOT NULL,
	"issued_by_key" text NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"replaced_by" text
);
--> statement-breakpoint
ALTER TABLE "pupil_links" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "log_ins" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text,
	"staff_id" text,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"assurance" text NOT NULL,
	"browser" text NOT NULL,
	"told" text,
	"disowned_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "log_ins_one_owner" CHECK (("log_ins"."person_id" is null) <> ("log_ins"."staff_id" is null))
);
--> statement-breakpoint
ALTER TABLE "log_ins" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "challenges" (
	"id" text PRIMARY KEY NOT NULL,
	"challenge" text NOT NULL,
	"origin" text NOT NULL,
	"purpose" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "challenges" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person_accounts" (
	"account_key" text PRIMARY KEY NOT NULL,
	"id" text DEFAULT gen_random_uuid()::text NOT NULL,
	"person_id" text NOT NULL,
	"first_used_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone NOT NULL,
	"logged_in_at" timestamp with time zone,
	CONSTRAINT "person_accounts_id_unique" UNIQUE("id")
);
--> statement-breakpoint
ALTER TABLE "person_accounts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person_certificates" (
	"certificate_key" text PRIMARY KEY NOT NULL,
	"id" text DEFAULT gen_random_uuid()::text NOT NULL,
	"person_id" text NOT NULL,
	"not_after" timestamp with time zone NOT NULL,
	"first_used_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone NOT NULL,
	"logged_in_at" timestamp with time zone,
	CONSTRAINT "person_certificates_id_unique" UNIQUE("id")
);
--> statement-breakpoint
ALTER TABLE "person_certificates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "persons" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "persons" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"arrival" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"told_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "rate_limits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "session_certificates" (
	"session_id" text PRIMARY KEY NOT NULL,
	"sealed" "bytea" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "session_certificates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"staff_id" text,
	"person_id" text,
	"membership_id" text,
	"assurance" text NOT NULL,
	"revocation" text NOT NULL,
	"certificate_checked_at" timestamp with time zone,
	"browser" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"authenticated_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"provider" text,
	"subject_hash" text,
	"sid_hash" text,
	"way_id" text,
	CONSTRAINT "sessions_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "sessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"cookie_hash" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"state" text NOT NULL,
	"nonce" text NOT NULL,
	"code_verifier" text NOT NULL,
	"return_to" text NOT NULL,
	"invitation" text,
	"step_up_of" text,
	"bind_to" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "used_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "used_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "case_keys" (
	"case_id" text NOT NULL,
	"organisation" text NOT NULL,
	"month" text NOT NULL,
	"granted_by" text NOT NULL,
	"shared_with" text,
	"wrapped_key" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_keys_case_id_organisation_pk" PRIMARY KEY("case_id","organisation")
);
--> statement-breakpoint
ALTER TABLE "case_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "objects" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"organisation" text NOT NULL,
	"media_type" text NOT NULL,
	"object_key" text NOT NULL,
	"state" text NOT NULL,
	"wrapped_key" "bytea",
	"byte_count" bigint,
	"sha256" text,
	"ciphertext_bytes" bigint,
	"ciphertext_sha256" text,
	"created_at" timestamp with time zone NOT NULL,
	"stored_at" timestamp with time zone,
	CONSTRAINT "objects_object_key_unique" UNIQUE("object_key")
);
--> statement-breakpoint
ALTER TABLE "objects" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "organisation_keys" (
	"organisation" text NOT NULL,
	"month" text NOT NULL,
	"root_ref" text NOT NULL,
	"wrapped_key" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "organisation_keys_organisation_month_pk" PRIMARY KEY("organisation","month")
);
--> statement-breakpoint
ALTER TABLE "organisation_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"unique_key" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lease" uuid,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"dead_at" timestamp (3) with time zone,
	CONSTRAINT "outbox_unique_key_unique" UNIQUE("unique_key")
);
--> statement-breakpoint
CREATE TABLE "seal_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"algorithm" text NOT NULL,
	"chain" jsonb NOT NULL,
	"fingerprint" text NOT NULL,
	"root_ref" text,
	"wrapped_key" "bytea",
	"sealed_private_key" "bytea",
	"not_after" timestamp with time zone NOT NULL,
	"registered_by" uuid NOT NULL,
	"doubted_at" timestamp with time zone,
	"added_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "seal_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "access_reports" (
	"id" text PRIMARY KEY NOT NULL,
	"event_id" text NOT NULL,
	"event" text NOT NULL,
	"event_at" timestamp with time zone NOT NULL,
	"event_role" text NOT NULL,
	"case_id" text,
	"pupil_id" text NOT NULL,
	"school_code" text NOT NULL,
	"board_code" text,
	"person_id" text NOT NULL,
	"state" text NOT NULL,
	"reported_at" timestamp with time zone NOT NULL,
	"answer" text,
	"answered_at" timestamp with time zone,
	"answered_by" text,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "access_reports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ledger_holds" (
	"id" text PRIMARY KEY NOT NULL,
	"school_code" text NOT NULL,
	"pupil_id" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_by_key" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "ledger_holds" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "case_progress" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"side" text NOT NULL,
	"school_code" text NOT NULL,
	"board_code" text,
	"prefecture" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"verdict" text,
	"submitted_at" timestamp with time zone NOT NULL,
	"deposited_at" timestamp with time zone,
	"opened_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"month" date,
	"due_on" date,
	"lost_on" date,
	"closed_on" date,
	"reminders" text,
	"remind_on" date,
	"is_settled" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "case_progress" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "case_progress_peers" (
	"progress_id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"school_code" text NOT NULL,
	"subjects" text[] NOT NULL
);
--> statement-breakpoint
ALTER TABLE "case_progress_peers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "approvals" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"content_digest" text NOT NULL,
	"staff_id" text NOT NULL,
	"person_key" text NOT NULL,
	"role" text NOT NULL,
	"assurance" text NOT NULL,
	"approved_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"voided_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "approvals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "break_glasses" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"document_id" text NOT NULL,
	"school_code" text NOT NULL,
	"staff_id" text NOT NULL,
	"person_key" text NOT NULL,
	"role" text NOT NULL,
	"category" text NOT NULL,
	"reason" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"reviewed_by" text,
	"reviewed_at" timestamp with time zone,
	"justified" boolean
);
--> statement-breakpoint
ALTER TABLE "break_glasses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "case_renewals" (
	"case_id" text PRIMARY KEY NOT NULL,
	"record" "bytea",
	"counts_until" timestamp with time zone,
	"look_at" timestamp with time zone,
	"problem" text
);
--> statement-breakpoint
ALTER TABLE "case_renewals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "cases" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"sender_code" text NOT NULL,
	"recipient_code" text,
	"pupil_id" text NOT NULL,
	"pupil_official_name" text NOT NULL,
	"pupil_non_standard_characters" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"pupil_display_name" text NOT NULL,
	"pupil_kana" text NOT NULL,
	"pupil_birth_date" date NOT NULL,
	"pupil_master_identifier" text,
	"homeroom" text NOT NULL,
	"recipient_homeroom" text,
	"legal_basis" text NOT NULL,
	"purpose" text NOT NULL,
	"acceptance_code_hash" text,
	"drafted_by" text NOT NULL,
	"drafter_key" text NOT NULL,
	"content_digest" text,
	"manifest" jsonb,
	"sender_token" text NOT NULL,
	"recipient_token" text NOT NULL,
	"reason" text,
	"verification" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"sealed_at" timestamp with time zone,
	"deposited_at" timestamp with time zone,
	"opened_at" timestamp with time zone,
	"verified_at" timestamp with time zone,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "cases" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "container_seals" (
	"case_id" text NOT NULL,
	"visibility" text NOT NULL,
	"manifest_xml" "bytea" NOT NULL,
	"signature" "bytea" NOT NULL,
	CONSTRAINT "container_seals_case_id_visibility_pk" PRIMARY KEY("case_id","visibility")
);
--> statement-breakpoint
ALTER TABLE "container_seals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "custodies" (
	"document_id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"holder_code" text NOT NULL,
	"former_holder_code" text,
	"moved_at" timestamp with time zone,
	"receipt_id" text
);
--> statement-breakpoint
ALTER TABLE "custodies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "deliveries" (
	"document_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"grade" text NOT NULL,
	"case_id" text NOT NULL,
	"event_id" text NOT NULL,
	"reached_at" timestamp with time zone NOT NULL,
	CONSTRAINT "deliveries_document_id_attempt_grade_pk" PRIMARY KEY("document_id","attempt","grade")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "documents" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"form" text NOT NULL,
	"visibility" text NOT NULL,
	"title" text NOT NULL,
	"media_type" text NOT NULL,
	"state" text NOT NULL,
	"byte_count" bigint,
	"sha256" text,
	"ciphertext_bytes" bigint,
	"ciphertext_sha256" text,
	"findings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"object_id" text,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "documents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "expectations" (
	"id" text PRIMARY KEY NOT NULL,
	"recipient_code" text NOT NULL,
	"kind" text NOT NULL,
	"code_hash" text NOT NULL,
	"pupil_name" text NOT NULL,
	"pupil_kana" text NOT NULL,
	"pupil_birth_date" date NOT NULL,
	"homeroom" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"case_id" text,
	CONSTRAINT "expectations_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
ALTER TABLE "expectations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"client" text NOT NULL,
	"operation" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_client_operation_key_pk" PRIMARY KEY("client","operation","key")
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "receipts" (
	"id" text PRIMARY KEY NOT NULL,
	"case_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"event" text NOT NULL,
	"event_id" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"issued_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "receipts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "presentation_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"browser_hash" text NOT NULL,
	"asked" jsonb NOT NULL,
	"sealed_key" "bytea",
	"state" text NOT NULL,
	"ending" text,
	"sealed_report" "bytea",
	"response_hash" text,
	"misses" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "presentation_requests_response_hash_unique" UNIQUE("response_hash")
);
--> statement-breakpoint
ALTER TABLE "presentation_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_list_id_credential_status_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."credential_status_lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_share_views" ADD CONSTRAINT "certificate_share_views_share_id_certificate_shares_id_fk" FOREIGN KEY ("share_id") REFERENCES "public"."certificate_shares"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_shares" ADD CONSTRAINT "certificate_shares_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_watchers" ADD CONSTRAINT "certificate_watchers_share_id_certificate_shares_id_fk" FOREIGN KEY ("share_id") REFERENCES "public"."certificate_shares"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_evidence" ADD CONSTRAINT "certificate_evidence_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_files" ADD CONSTRAINT "certificate_files_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_request_id_certificate_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."certificate_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_register_corrections" ADD CONSTRAINT "certificate_register_corrections_entry_id_certificate_register_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."certificate_register"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_authorizations" ADD CONSTRAINT "wallet_authorizations_offer_id_wallet_offers_id_fk" FOREIGN KEY ("offer_id") REFERENCES "public"."wallet_offers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_offers" ADD CONSTRAINT "wallet_offers_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "administrators" ADD CONSTRAINT "administrators_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "administrators" ADD CONSTRAINT "administrators_founder_number_founders_corporate_number_fk" FOREIGN KEY ("founder_number") REFERENCES "public"."founders"("corporate_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_school_code_organisations_code_fk" FOREIGN KEY ("school_code") REFERENCES "public"."organisations"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_school_code_organisations_code_fk" FOREIGN KEY ("school_code") REFERENCES "public"."organisations"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisations" ADD CONSTRAINT "organisations_founder_number_founders_corporate_number_fk" FOREIGN KEY ("founder_number") REFERENCES "public"."founders"("corporate_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "protection_clearances" ADD CONSTRAINT "protection_clearances_order_id_protection_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."protection_orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "protection_marks" ADD CONSTRAINT "protection_marks_order_id_protection_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."protection_orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "protection_members" ADD CONSTRAINT "protection_members_order_id_protection_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."protection_orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pupils" ADD CONSTRAINT "pupils_school_code_organisations_code_fk" FOREIGN KEY ("school_code") REFERENCES "public"."organisations"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_founder_number_founders_corporate_number_fk" FOREIGN KEY ("founder_number") REFERENCES "public"."founders"("corporate_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_codes" ADD CONSTRAINT "access_codes_guardian_id_guardians_id_fk" FOREIGN KEY ("guardian_id") REFERENCES "public"."guardians"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "machine_keys" ADD CONSTRAINT "machine_keys_client_id_machine_clients_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."machine_clients"("client_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "machine_uploads" ADD CONSTRAINT "machine_uploads_client_id_machine_clients_client_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."machine_clients"("client_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guardian_consents" ADD CONSTRAINT "guardian_consents_guardian_id_guardians_id_fk" FOREIGN KEY ("guardian_id") REFERENCES "public"."guardians"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "linking_codes" ADD CONSTRAINT "linking_codes_guardian_id_guardians_id_fk" FOREIGN KEY ("guardian_id") REFERENCES "public"."guardians"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pupil_links" ADD CONSTRAINT "pupil_links_guardian_id_guardians_id_fk" FOREIGN KEY ("guardian_id") REFERENCES "public"."guardians"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "log_ins" ADD CONSTRAINT "log_ins_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_accounts" ADD CONSTRAINT "person_accounts_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_certificates" ADD CONSTRAINT "person_certificates_person_id_persons_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."persons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session_certificates" ADD CONSTRAINT "session_certificates_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_progress_peers" ADD CONSTRAINT "case_progress_peers_progress_id_case_progress_id_fk" FOREIGN KEY ("progress_id") REFERENCES "public"."case_progress"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "break_glasses" ADD CONSTRAINT "break_glasses_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "break_glasses" ADD CONSTRAINT "break_glasses_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_renewals" ADD CONSTRAINT "case_renewals_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "container_seals" ADD CONSTRAINT "container_seals_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "custodies" ADD CONSTRAINT "custodies_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receipts" ADD CONSTRAINT "receipts_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "proposals_by_school" ON "proposals" USING btree ("school_code","proposed_at");--> statement-breakpoint
CREATE INDEX "audit_events_by_case" ON "audit_events" USING btree ("case_id","at");--> statement-breakpoint
CREATE INDEX "audit_events_by_pupil" ON "audit_events" USING btree ("pupil_id","at","id") WHERE "audit_events"."person_visible";--> statement-breakpoint
CREATE INDEX "audit_events_of_seal_keys" ON "audit_events" USING btree ("organisation","at") WHERE "audit_events"."name" like 'seal-key.%';--> statement-breakpoint
CREATE UNIQUE INDEX "audit_log_by_event" ON "audit_log" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "audit_log_of_board" ON "audit_log" USING btree ("origin","slice","seq");--> statement-breakpoint
CREATE INDEX "audit_log_of_school" ON "audit_log" USING btree ("origin","school_slice","school_seq");--> statement-breakpoint
CREATE UNIQUE INDEX "log_slices_by_slice" ON "log_slices" USING btree ("origin","slice");--> statement-breakpoint
CREATE INDEX "alert_sightings_by_alert" ON "alert_sightings" USING btree ("alert_id","at");--> statement-breakpoint
CREATE INDEX "alert_sightings_counted" ON "alert_sightings" USING btree ("rule","subject","at") WHERE "alert_sightings"."alert_id" is null;--> statement-breakpoint
CREATE INDEX "alert_waits_by_time" ON "alert_waits" USING btree ("since");--> statement-breakpoint
CREATE INDEX "alerts_by_organisation" ON "alerts" USING btree ("organisation","raised_at","id");--> statement-breakpoint
CREATE INDEX "alerts_by_board" ON "alerts" USING btree ("board","raised_at","id");--> statement-breakpoint
CREATE INDEX "alerts_running" ON "alerts" USING btree ("rule","subject") WHERE "alerts"."state" <> 'closed';--> statement-breakpoint
CREATE INDEX "alerts_untold" ON "alerts" USING btree ("raised_at") WHERE not "alerts"."told_school" or not "alerts"."told_board";--> statement-breakpoint
CREATE UNIQUE INDEX "board_glasses_one_at_a_time" ON "board_glasses" USING btree ("board_code","person_key") WHERE "board_glasses"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "board_glasses_by_board" ON "board_glasses" USING btree ("board_code","opened_at");--> statement-breakpoint
CREATE INDEX "board_glasses_open" ON "board_glasses" USING btree ("case_id") WHERE "board_glasses"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "credential_status_lists_by_school" ON "credential_status_lists" USING btree ("school_code","created_at");--> statement-breakpoint
CREATE INDEX "credentials_of_certificate" ON "credentials" USING btree ("certificate_id","expires_at");--> statement-breakpoint
CREATE INDEX "credentials_of_share" ON "credentials" USING btree ("share_id");--> statement-breakpoint
CREATE INDEX "certificate_shares_by_certificate" ON "certificate_shares" USING btree ("certificate_id","made_at");--> statement-breakpoint
CREATE INDEX "certificate_shares_by_end" ON "certificate_shares" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "certificate_watchers_by_share" ON "certificate_watchers" USING btree ("share_id");--> statement-breakpoint
CREATE INDEX "certificate_watchers_by_certificate" ON "certificate_watchers" USING btree ("certificate_id");--> statement-breakpoint
CREATE INDEX "certificate_evidence_due" ON "certificate_evidence" USING btree ("look_at");--> statement-breakpoint
CREATE INDEX "certificate_requests_by_school" ON "certificate_requests" USING btree ("school_code","state","requested_at");--> statement-breakpoint
CREATE INDEX "certificate_requests_by_person" ON "certificate_requests" USING btree ("person_id","requested_at");--> statement-breakpoint
CREATE INDEX "certificate_requests_by_pupil" ON "certificate_requests" USING btree ("pupil_id");--> statement-breakpoint
CREATE INDEX "certificate_requests_by_entry" ON "certificate_requests" USING btree ("entry_id");--> statement-breakpoint
CREATE UNIQUE INDEX "certificate_requests_one_replacement" ON "certificate_requests" USING btree ("replaces") WHERE "certificate_requests"."state" in ('requested', 'checked', 'approved');--> statement-breakpoint
CREATE UNIQUE INDEX "certificate_templates_in_force" ON "certificate_templates" USING btree ("school_code","kind") WHERE "certificate_templates"."state" = 'published';--> statement-breakpoint
CREATE INDEX "certificate_register_corrections_of" ON "certificate_register_corrections" USING btree ("entry_id","at");--> statement-breakpoint
CREATE INDEX "certificate_register_newest" ON "certificate_register" USING btree ("school_code","changed_at");--> statement-breakpoint
CREATE INDEX "wallet_authorizations_by_age" ON "wallet_authorizations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "wallet_offers_by_age" ON "wallet_offers" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "wallet_offers_by_person" ON "wallet_offers" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "wallet_spent_by_age" ON "wallet_spent" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "board_closures_by_board" ON "board_closures" USING btree ("board_code","last_day");--> statement-breakpoint
CREATE INDEX "administrators_by_staff" ON "administrators" USING btree ("staff_id");--> statement-breakpoint
CREATE INDEX "administrators_by_founder" ON "administrators" USING btree ("founder_number");--> statement-breakpoint
CREATE INDEX "invitations_by_school" ON "invitations" USING btree ("school_code");--> statement-breakpoint
CREATE INDEX "memberships_by_staff" ON "memberships" USING btree ("staff_id");--> statement-breakpoint
CREATE INDEX "memberships_by_school" ON "memberships" USING btree ("school_code");--> statement-breakpoint
CREATE INDEX "organisations_by_prefecture" ON "organisations" USING btree ("prefecture","code");--> statement-breakpoint
CREATE INDEX "organisations_by_successor" ON "organisations" USING btree ("successor_code");--> statement-breakpoint
CREATE INDEX "organisations_by_board" ON "organisations" USING btree ("board_code","code");--> statement-breakpoint
CREATE INDEX "protection_orders_by_school" ON "protection_orders" USING btree ("school_code");--> statement-breakpoint
CREATE INDEX "pupils_by_school" ON "pupils" USING btree ("school_code","kana");--> statement-breakpoint
CREATE INDEX "staff_by_founder" ON "staff" USING btree ("founder_number");--> statement-breakpoint
CREATE INDEX "access_codes_by_pupil" ON "access_codes" USING btree ("pupil_id");--> statement-breakpoint
CREATE INDEX "code_attempts_by_age" ON "code_attempts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "machine_clients_by_school" ON "machine_clients" USING btree ("school_code");--> statement-breakpoint
CREATE INDEX "guardian_consents_by_guardian" ON "guardian_consents" USING btree ("guardian_id");--> statement-breakpoint
CREATE INDEX "guardian_consents_by_pupil" ON "guardian_consents" USING btree ("pupil_id");--> statement-breakpoint
CREATE INDEX "guardian_notices_by_person" ON "guardian_notices" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "guardians_by_pupil" ON "guardians" USING btree ("pupil_id");--> statement-breakpoint
CREATE INDEX "linking_codes_by_pupil" ON "linking_codes" USING btree ("pupil_id");--> statement-breakpoint
CREATE INDEX "pupil_links_by_person" ON "pupil_links" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "pupil_links_by_pupil" ON "pupil_links" USING btree ("pupil_id");--> statement-breakpoint
CREATE UNIQUE INDEX "pupil_links_one_pupil" ON "pupil_links" USING btree ("pupil_id") WHERE relation = 'self' and confirmed_at is not null and ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "pupil_links_one_guardian" ON "pupil_links" USING btree ("guardian_id") WHERE confirmed_at is not null and ended_at is null;--> statement-breakpoint
CREATE INDEX "log_ins_by_person" ON "log_ins" USING btree ("person_id","at");--> statement-breakpoint
CREATE INDEX "log_ins_by_staff" ON "log_ins" USING btree ("staff_id","at");--> statement-breakpoint
CREATE INDEX "log_ins_by_age" ON "log_ins" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "challenges_by_age" ON "challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "person_accounts_by_person" ON "person_accounts" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "person_certificates_by_person" ON "person_certificates" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "sessions_by_subject" ON "sessions" USING btree ("subject_hash");--> statement-breakpoint
CREATE INDEX "sessions_by_staff" ON "sessions" USING btree ("staff_id");--> statement-breakpoint
CREATE INDEX "sessions_by_person" ON "sessions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "sessions_by_age" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_attempts_by_age" ON "sign_in_attempts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "used_tokens_by_age" ON "used_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "case_keys_by_month" ON "case_keys" USING btree ("organisation","month");--> statement-breakpoint
CREATE INDEX "objects_by_case" ON "objects" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "objects_unfinished" ON "objects" USING btree ("created_at") WHERE "objects"."state" <> 'stored';--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("due_at") WHERE "outbox"."dead_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "seal_keys_one_in_force" ON "seal_keys" USING btree ("school_code") WHERE "seal_keys"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "seal_keys_by_fingerprint" ON "seal_keys" USING btree ("fingerprint");--> statement-breakpoint
CREATE UNIQUE INDEX "access_reports_once" ON "access_reports" USING btree ("person_id","event_id");--> statement-breakpoint
CREATE INDEX "access_reports_by_school" ON "access_reports" USING btree ("school_code","state","reported_at");--> statement-breakpoint
CREATE INDEX "access_reports_by_board" ON "access_reports" USING btree ("board_code","state","reported_at");--> statement-breakpoint
CREATE INDEX "ledger_holds_by_school" ON "ledger_holds" USING btree ("school_code","asked_at");--> statement-breakpoint
CREATE INDEX "ledger_holds_by_pupil" ON "ledger_holds" USING btree ("pupil_id");--> statement-breakpoint
CREATE UNIQUE INDEX "case_progress_once" ON "case_progress" USING btree ("case_id","attempt","side");--> statement-breakpoint
CREATE INDEX "case_progress_open_of_board" ON "case_progress" USING btree ("board_code","since","id") WHERE not "case_progress"."is_settled";--> statement-breakpoint
CREATE INDEX "case_progress_open_of_school" ON "case_progress" USING btree ("school_code","since","id") WHERE not "case_progress"."is_settled";--> statement-breakpoint
CREATE INDEX "case_progress_of_board" ON "case_progress" USING btree ("board_code","state","since","id");--> statement-breakpoint
CREATE INDEX "case_progress_of_school" ON "case_progress" USING btree ("school_code","state","since","id");--> statement-breakpoint
CREATE INDEX "case_progress_months_of_board" ON "case_progress" USING btree ("board_code","side","month");--> statement-breakpoint
CREATE INDEX "case_progress_months_of_school" ON "case_progress" USING btree ("school_code","side","month");--> statement-breakpoint
CREATE INDEX "case_progress_months" ON "case_progress" USING btree ("side","month");--> statement-breakpoint
CREATE INDEX "case_progress_to_remind" ON "case_progress" USING btree ("side","remind_on") WHERE "case_progress"."remind_on" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_one_in_force" ON "approvals" USING btree ("case_id") WHERE "approvals"."voided_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "break_glasses_one_at_a_time" ON "break_glasses" USING btree ("school_code","person_key") WHERE "break_glasses"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "break_glasses_by_school" ON "break_glasses" USING btree ("school_code","opened_at");--> statement-breakpoint
CREATE INDEX "case_renewals_due" ON "case_renewals" USING btree ("look_at");--> statement-breakpoint
CREATE INDEX "cases_by_sender" ON "cases" USING btree ("sender_code","updated_at","id");--> statement-breakpoint
CREATE INDEX "cases_by_recipient" ON "cases" USING btree ("recipient_code","updated_at","id");--> statement-breakpoint
CREATE INDEX "cases_by_pupil" ON "cases" USING btree ("pupil_id");--> statement-breakpoint
CREATE INDEX "deliveries_by_case" ON "deliveries" USING btree ("case_id");--> statement-breakpoint
CREATE INDEX "documents_by_case" ON "documents" USING btree ("case_id","position");--> statement-breakpoint
CREATE INDEX "expectations_by_recipient" ON "expectations" USING btree ("recipient_code","created_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "receipts_once" ON "receipts" USING btree ("case_id","attempt","event");--> statement-breakpoint
CREATE INDEX "presentation_requests_by_age" ON "presentation_requests" USING btree ("expires_at");--> statement-breakpoint
CREATE POLICY "proposals_read" ON "proposals" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "proposals"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "proposals_insert" ON "proposals" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "proposals"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "proposals_update" ON "proposals" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "proposals"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "proposals"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "audit_events_append" ON "audit_events" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "audit_events_read" ON "audit_events" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "audit_events"."organisation" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.school', true), '') = any ("audit_events"."visible_to")) or (nullif(current_setting('app.board', true), '') = any ("audit_events"."visible_to")) or (nullif(current_setting('app.actor', true), '') = 'system:ledger') or (nullif(current_setting('app.actor', true), '') = 'system:alerts')));--> statement-breakpoint
CREATE POLICY "audit_keys_all" ON "audit_keys" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:audit-key')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:audit-key'));--> statement-breakpoint
CREATE POLICY "audit_log_write" ON "audit_log" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:sequencer')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:sequencer'));--> statement-breakpoint
CREATE POLICY "audit_log_read" ON "audit_log" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:log-proof') or (nullif(current_setting('app.actor', true), '') = 'system:alerts')));--> statement-breakpoint
CREATE POLICY "audit_log_own" ON "audit_log" AS PERMISSIVE FOR SELECT TO public USING (("audit_log"."slice" in (select s.slice from log_slices s where s.owner = nullif(current_setting('app.school', true), '')) or "audit_log"."school_slice" in (select s.slice from log_slices s where s.owner = nullif(current_setting('app.school', true), ''))));--> statement-breakpoint
CREATE POLICY "audit_pending_append" ON "audit_pending" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "audit_pending_take" ON "audit_pending" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:sequencer')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:sequencer'));--> statement-breakpoint
CREATE POLICY "checkpoints_write" ON "checkpoints" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:sequencer')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:sequencer'));--> statement-breakpoint
CREATE POLICY "checkpoints_read" ON "checkpoints" AS PERMISSIVE FOR SELECT TO public USING ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "log_nodes_write" ON "log_nodes" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:sequencer')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:sequencer'));--> statement-breakpoint
CREATE POLICY "log_slices_write" ON "log_slices" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:sequencer')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:sequencer'));--> statement-breakpoint
CREATE POLICY "log_slices_own" ON "log_slices" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "log_slices"."owner" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "log_state_write" ON "log_state" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:sequencer')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:sequencer'));--> statement-breakpoint
CREATE POLICY "log_state_read" ON "log_state" AS PERMISSIVE FOR SELECT TO public USING ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "log_witnesses_write" ON "log_witnesses" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:sequencer')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:sequencer'));--> statement-breakpoint
CREATE POLICY "alert_cursors_job" ON "alert_cursors" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:alerts')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:alerts'));--> statement-breakpoint
CREATE POLICY "alert_sightings_job" ON "alert_sightings" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:alerts')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:alerts'));--> statement-breakpoint
CREATE POLICY "alert_tellings_job" ON "alert_tellings" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:alerts')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:alerts'));--> statement-breakpoint
CREATE POLICY "alert_thresholds_read" ON "alert_thresholds" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:alerts') or ((nullif(current_setting('app.actor', true), '') is not null) and "alert_thresholds"."board" = nullif(current_setting('app.school', true), ''))));--> statement-breakpoint
CREATE POLICY "alert_thresholds_set" ON "alert_thresholds" AS PERMISSIVE FOR ALL TO public USING ((coalesce(current_setting('app.role', true), '') = 'auditor' and ((nullif(current_setting('app.actor', true), '') is not null) and "alert_thresholds"."board" = nullif(current_setting('app.school', true), '')))) WITH CHECK ((coalesce(current_setting('app.role', true), '') = 'auditor' and ((nullif(current_setting('app.actor', true), '') is not null) and "alert_thresholds"."board" = nullif(current_setting('app.school', true), ''))));--> statement-breakpoint
CREATE POLICY "alert_waits_job" ON "alert_waits" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:alerts')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:alerts'));--> statement-breakpoint
CREATE POLICY "alerts_job" ON "alerts" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:alerts')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:alerts'));--> statement-breakpoint
CREATE POLICY "alerts_read" ON "alerts" AS PERMISSIVE FOR SELECT TO public USING (((coalesce(current_setting('app.role', true), '') in ('principal', 'vicePrincipal') and alerts.to_school and alerts.organisation = nullif(current_setting('app.school', true), '')) or (coalesce(current_setting('app.role', true), '') = 'auditor' and alerts.board = nullif(current_setting('app.school', true), '')) or (coalesce(current_setting('app.role', true), '') = 'administrator' and alerts.rule like 'log-%' and (alerts.organisation = nullif(current_setting('app.school', true), '') or alerts.organisation = (select o.board_code from organisations o where o.code = nullif(current_setting('app.school', true), ''))))));--> statement-breakpoint
CREATE POLICY "alerts_settle" ON "alerts" AS PERMISSIVE FOR UPDATE TO public USING (((coalesce(current_setting('app.role', true), '') in ('principal', 'vicePrincipal') and alerts.to_school and alerts.organisation = nullif(current_setting('app.school', true), '')) or (coalesce(current_setting('app.role', true), '') = 'auditor' and alerts.board = nullif(current_setting('app.school', true), '')) or (coalesce(current_setting('app.role', true), '') = 'administrator' and alerts.rule like 'log-%' and (alerts.organisation = nullif(current_setting('app.school', true), '') or alerts.organisation = (select o.board_code from organisations o where o.code = nullif(current_setting('app.school', true), '')))))) WITH CHECK (((coalesce(current_setting('app.role', true), '') in ('principal', 'vicePrincipal') and alerts.to_school and alerts.organisation = nullif(current_setting('app.school', true), '')) or (coalesce(current_setting('app.role', true), '') = 'auditor' and alerts.board = nullif(current_setting('app.school', true), '')) or (coalesce(current_setting('app.role', true), '') = 'administrator' and alerts.rule like 'log-%' and (alerts.organisation = nullif(current_setting('app.school', true), '') or alerts.organisation = (select o.board_code from organisations o where o.code = nullif(current_setting('app.school', true), ''))))));--> statement-breakpoint
CREATE POLICY "board_glasses_read" ON "board_glasses" AS PERMISSIVE FOR SELECT TO public USING ((("board_glasses"."board_code" = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor') or (nullif(current_setting('app.actor', true), '') = 'system:board-glass')));--> statement-breakpoint
CREATE POLICY "board_glasses_insert" ON "board_glasses" AS PERMISSIVE FOR INSERT TO public WITH CHECK (("board_glasses"."board_code" = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor'));--> statement-breakpoint
CREATE POLICY "board_glasses_update" ON "board_glasses" AS PERMISSIVE FOR UPDATE TO public USING (("board_glasses"."board_code" = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor'));--> statement-breakpoint
CREATE POLICY "published_months_read" ON "published_months" AS PERMISSIVE FOR SELECT TO public USING ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "published_months_insert" ON "published_months" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:statistics'));--> statement-breakpoint
CREATE POLICY "badge_keys_read" ON "badge_keys" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "badge_keys"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "badge_keys_insert" ON "badge_keys" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "badge_keys"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "credential_status_lists_read" ON "credential_status_lists" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "credential_status_lists"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:credential-status')));--> statement-breakpoint
CREATE POLICY "credential_status_lists_insert" ON "credential_status_lists" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "credential_status_lists"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "credential_status_lists_update" ON "credential_status_lists" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "credential_status_lists"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "credential_status_lists"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "credentials_read" ON "credentials" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "credentials"."school_code" = nullif(current_setting('app.school', true), '')) or share_is_visible("credentials"."share_id")));--> statement-breakpoint
CREATE POLICY "credentials_end" ON "credentials" AS PERMISSIVE FOR UPDATE TO public USING (share_is_visible("credentials"."share_id")) WITH CHECK ((share_is_visible("credentials"."share_id") and "credentials"."ended_at" is not null));--> statement-breakpoint
CREATE POLICY "credentials_insert" ON "credentials" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "credentials"."school_code" = nullif(current_setting('app.school', true), '')) and exists (select 1 from credential_status_lists l where l.id = "credentials"."list_id" and l.school_code = "credentials"."school_code")));--> statement-breakpoint
CREATE POLICY "certificate_share_views_job" ON "certificate_share_views" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:certificate-share')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:certificate-share'));--> statement-breakpoint
CREATE POLICY "certificate_share_views_read" ON "certificate_share_views" AS PERMISSIVE FOR SELECT TO public USING (share_is_visible("certificate_share_views"."share_id"));--> statement-breakpoint
CREATE POLICY "certificate_shares_read" ON "certificate_shares" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_shares"."person_id" = nullif(current_setting('app.person', true), '')) or exists (select 1 from pupil_links l where l.pupil_id = "certificate_shares"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:certificate-share')));--> statement-breakpoint
CREATE POLICY "certificate_shares_need_to_know" ON "certificate_shares" AS RESTRICTIVE FOR SELECT TO public USING ((coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "certificate_shares"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "certificate_shares"."pupil_id"]) or person_is_cleared(array['pupil:' || "certificate_shares"."pupil_id"], "certificate_shares"."pupil_id"))));--> statement-breakpoint
CREATE POLICY "certificate_shares_insert" ON "certificate_shares" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_shares"."person_id" = nullif(current_setting('app.person', true), '')) and exists (select 1 from certificates c where c.id = "certificate_shares"."certificate_id" and c.pupil_id = "certificate_shares"."pupil_id")));--> statement-breakpoint
CREATE POLICY "certificate_shares_withdraw" ON "certificate_shares" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_shares"."person_id" = nullif(current_setting('app.person', true), '')) or exists (select 1 from pupil_links l where l.pupil_id = "certificate_shares"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')))) WITH CHECK (((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_shares"."person_id" = nullif(current_setting('app.person', true), '')) or exists (select 1 from pupil_links l where l.pupil_id = "certificate_shares"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), ''))) and "certificate_shares"."withdrawn_at" is not null));--> statement-breakpoint
CREATE POLICY "certificate_shares_open" ON "certificate_shares" AS PERMISSIVE FOR UPDATE TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:certificate-share')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:certificate-share'));--> statement-breakpoint
CREATE POLICY "certificate_shares_forget" ON "certificate_shares" AS PERMISSIVE FOR DELETE TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:certificate-share'));--> statement-breakpoint
CREATE POLICY "certificate_watchers_job" ON "certificate_watchers" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:certificate-share')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:certificate-share'));--> statement-breakpoint
CREATE POLICY "certificate_counters_own" ON "certificate_counters" AS PERMISSIVE FOR ALL TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_counters"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_counters"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "certificate_evidence_renewal" ON "certificate_evidence" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:certificate-renewal')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:certificate-renewal'));--> statement-breakpoint
CREATE POLICY "certificate_files_read" ON "certificate_files" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:certificate-state') or (nullif(current_setting('app.actor', true), '') = 'system:certificate-renewal')));--> statement-breakpoint
CREATE POLICY "certificate_files_insert" ON "certificate_files" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:certificate-renewal'));--> statement-breakpoint
CREATE POLICY "certificate_requests_read" ON "certificate_requests" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_requests"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificate_requests"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[])) or ((nullif(current_setting('app.actor', true), '') is not null) and "certificate_requests"."person_id" = nullif(current_setting('app.person', true), '')) or exists (select 1 from pupil_links l where l.pupil_id = "certificate_requests"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), ''))));--> statement-breakpoint
CREATE POLICY "certificate_requests_need_to_know" ON "certificate_requests" AS RESTRICTIVE FOR SELECT TO public USING ((coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "certificate_requests"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "certificate_requests"."pupil_id"]) or person_is_cleared(array['pupil:' || "certificate_requests"."pupil_id"], "certificate_requests"."pupil_id"))));--> statement-breakpoint
CREATE POLICY "certificate_requests_insert" ON "certificate_requests" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_requests"."school_code" = nullif(current_setting('app.school', true), '')) or (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_requests"."person_id" = nullif(current_setting('app.person', true), '')) and "certificate_requests"."state" = 'requested' and exists (select 1 from pupils p where p.id = "certificate_requests"."pupil_id" and (p.school_code = "certificate_requests"."school_code" or p.school_code = "certificate_requests"."origin_code" and p.school_code = any (codes_inherited_by("certificate_requests"."school_code")))))));--> statement-breakpoint
CREATE POLICY "certificate_requests_update" ON "certificate_requests" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_requests"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificate_requests"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[])))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_requests"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificate_requests"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[]))));--> statement-breakpoint
CREATE POLICY "certificate_requests_withdraw" ON "certificate_requests" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_requests"."person_id" = nullif(current_setting('app.person', true), ''))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_requests"."person_id" = nullif(current_setting('app.person', true), '')) and "certificate_requests"."state" = 'withdrawn'));--> statement-breakpoint
CREATE POLICY "certificate_settings_read" ON "certificate_settings" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_settings"."school_code" = nullif(current_setting('app.school', true), '')) or (coalesce(current_setting('app.person', true), '') <> '')));--> statement-breakpoint
CREATE POLICY "certificate_settings_insert" ON "certificate_settings" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_settings"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "certificate_settings_update" ON "certificate_settings" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_settings"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_settings"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "certificate_templates_own" ON "certificate_templates" AS PERMISSIVE FOR ALL TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_templates"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_templates"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "certificates_read" ON "certificates" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificates"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificates"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[])) or ((nullif(current_setting('app.actor', true), '') is not null) and "certificates"."person_id" = nullif(current_setting('app.person', true), '')) or exists (select 1 from pupil_links l where l.pupil_id = "certificates"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:certificate-state') or (nullif(current_setting('app.actor', true), '') = 'system:certificate-renewal') or (nullif(current_setting('app.actor', true), '') = 'system:certificate-share')));--> statement-breakpoint
CREATE POLICY "certificates_need_to_know" ON "certificates" AS RESTRICTIVE FOR SELECT TO public USING ((coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "certificates"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "certificates"."pupil_id"]) or person_is_cleared(array['pupil:' || "certificates"."pupil_id"], "certificates"."pupil_id"))));--> statement-breakpoint
CREATE POLICY "certificates_insert" ON "certificates" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "certificates"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "certificates_update" ON "certificates" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificates"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificates"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[])))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "certificates"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificates"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[]))));--> statement-breakpoint
CREATE POLICY "certificates_delete" ON "certificates" AS PERMISSIVE FOR DELETE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificates"."school_code" = nullif(current_setting('app.school', true), '')) and "certificates"."state" = 'issuing'));--> statement-breakpoint
CREATE POLICY "certificate_register_corrections_read" ON "certificate_register_corrections" AS PERMISSIVE FOR SELECT TO public USING (exists (select 1 from certificate_register r where r.id = "certificate_register_corrections"."entry_id"));--> statement-breakpoint
CREATE POLICY "certificate_register_corrections_insert" ON "certificate_register_corrections" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_register_corrections"."by_school" = nullif(current_setting('app.school', true), '')) and ("certificate_register_corrections"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[])) and exists (select 1 from certificate_register r where r.id = "certificate_register_corrections"."entry_id" and r.school_code = "certificate_register_corrections"."school_code")));--> statement-breakpoint
CREATE POLICY "certificate_register_read" ON "certificate_register" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_register"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificate_register"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[]))));--> statement-breakpoint
CREATE POLICY "certificate_register_need_to_know" ON "certificate_register" AS RESTRICTIVE FOR SELECT TO public USING ((coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "certificate_register"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "certificate_register"."pupil_id"]) or false)));--> statement-breakpoint
CREATE POLICY "certificate_register_insert" ON "certificate_register" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "certificate_register"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "certificate_register_update" ON "certificate_register" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_register"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificate_register"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[])))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "certificate_register"."school_code" = nullif(current_setting('app.school', true), '')) or ("certificate_register"."school_code" = any ((select codes_inherited_by(nullif(current_setting('app.school', true), '')))::text[]))));--> statement-breakpoint
CREATE POLICY "wallet_authorizations_job" ON "wallet_authorizations" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:wallet')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:wallet'));--> statement-breakpoint
CREATE POLICY "wallet_offers_job" ON "wallet_offers" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:wallet')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:wallet'));--> statement-breakpoint
CREATE POLICY "wallet_offers_own_read" ON "wallet_offers" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "wallet_offers"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "wallet_offers_own_insert" ON "wallet_offers" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "wallet_offers"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "wallet_spent_job" ON "wallet_spent" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:wallet')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:wallet'));--> statement-breakpoint
CREATE POLICY "board_closures_read" ON "board_closures" AS PERMISSIVE FOR SELECT TO public USING ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "board_closures_write" ON "board_closures" AS PERMISSIVE FOR ALL TO public USING ((("board_closures"."board_code" = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor') or (nullif(current_setting('app.actor', true), '') = 'system:directory'))) WITH CHECK ((("board_closures"."board_code" = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor') or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "administrators_read" ON "administrators" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:login') or (nullif(current_setting('app.actor', true), '') = 'system:joining') or (nullif(current_setting('app.actor', true), '') = 'system:directory') or ('staff:' || "administrators"."staff_id" = nullif(current_setting('app.actor', true), '')) or exists (select 1 from organisations o where o.code = nullif(current_setting('app.school', true), '') and o.founder_number = "administrators"."founder_number")));--> statement-breakpoint
CREATE POLICY "administrators_insert" ON "administrators" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((exists (select 1 from organisations o where o.code = nullif(current_setting('app.school', true), '') and o.founder_number = "administrators"."founder_number") or (nullif(current_setting('app.actor', true), '') = 'system:joining')));--> statement-breakpoint
CREATE POLICY "administrators_update" ON "administrators" AS PERMISSIVE FOR UPDATE TO public USING (exists (select 1 from organisations o where o.code = nullif(current_setting('app.school', true), '') and o.founder_number = "administrators"."founder_number")) WITH CHECK (exists (select 1 from organisations o where o.code = nullif(current_setting('app.school', true), '') and o.founder_number = "administrators"."founder_number"));--> statement-breakpoint
CREATE POLICY "administrators_write" ON "administrators" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:directory')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "founders_read" ON "founders" AS PERMISSIVE FOR SELECT TO public USING ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "founders_write" ON "founders" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:directory')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "invitations_read" ON "invitations" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "invitations"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:joining')));--> statement-breakpoint
CREATE POLICY "invitations_insert" ON "invitations" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "invitations"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "invitations_update" ON "invitations" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "invitations"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:joining'))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "invitations"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:joining')));--> statement-breakpoint
CREATE POLICY "memberships_read" ON "memberships" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:login') or (nullif(current_setting('app.actor', true), '') = 'system:joining') or (nullif(current_setting('app.actor', true), '') = 'system:directory') or ('staff:' || "memberships"."staff_id" = nullif(current_setting('app.actor', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "memberships"."school_code" = nullif(current_setting('app.school', true), ''))));--> statement-breakpoint
CREATE POLICY "memberships_insert" ON "memberships" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "memberships"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:joining')));--> statement-breakpoint
CREATE POLICY "memberships_update" ON "memberships" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "memberships"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "memberships"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "memberships_write" ON "memberships" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:directory')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "organisations_read" ON "organisations" AS PERMISSIVE FOR SELECT TO public USING ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "organisations_write" ON "organisations" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:directory')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "protection_clearances_all" ON "protection_clearances" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_clearances"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_clearances"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "protection_clearances_own" ON "protection_clearances" AS PERMISSIVE FOR SELECT TO public USING (exists (select 1 from pupil_links l where l.guardian_id = "protection_clearances"."guardian_id" and l.person_id = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "protection_marks_read" ON "protection_marks" AS PERMISSIVE FOR SELECT TO public USING ((nullif(current_setting('app.actor', true), '') is not null));--> statement-breakpoint
CREATE POLICY "protection_marks_write" ON "protection_marks" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_marks"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_marks"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "protection_members_all" ON "protection_members" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_members"."school_code" = nullif(current_setting('app.school', true), ''))) WITH CHECK ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_members"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "protection_orders_read" ON "protection_orders" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_orders"."school_code" = nullif(current_setting('app.school', true), '')) and (current_setting('app.role', true) = 'principal' or exists (select 1 from protection_members pn where pn.order_id = "protection_orders"."id" and 'staff:' || pn.staff_id = current_setting('app.actor', true)))));--> statement-breakpoint
CREATE POLICY "protection_orders_insert" ON "protection_orders" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_orders"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "protection_orders_update" ON "protection_orders" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') like 'staff:%' and "protection_orders"."school_code" = nullif(current_setting('app.school', true), '')) and (current_setting('app.role', true) = 'principal' or exists (select 1 from protection_members pn where pn.order_id = "protection_orders"."id" and 'staff:' || pn.staff_id = current_setting('app.actor', true)))));--> statement-breakpoint
CREATE POLICY "protection_orders_remind" ON "protection_orders" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:protection'));--> statement-breakpoint
CREATE POLICY "pupils_read" ON "pupils" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "pupils"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory') or (nullif(current_setting('app.actor', true), '') = 'system:linking') or ((coalesce(current_setting('app.person', true), '') <> '') and person_is_linked("pupils"."id", "pupils"."birth_date"))));--> statement-breakpoint
CREATE POLICY "pupils_need_to_know" ON "pupils" AS RESTRICTIVE FOR SELECT TO public USING (((coalesce(current_setting('app.person', true), '') <> '') or (coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "pupils"."id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "pupils"."id"]) or false))));--> statement-breakpoint
CREATE POLICY "pupils_write" ON "pupils" AS PERMISSIVE FOR ALL TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "pupils"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory'))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "pupils"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "staff_read" ON "staff" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:login') or (nullif(current_setting('app.actor', true), '') = 'system:joining') or (nullif(current_setting('app.actor', true), '') = 'system:alerts') or (nullif(current_setting('app.actor', true), '') = 'system:directory') or ('staff:' || "staff"."id" = nullif(current_setting('app.actor', true), '')) or exists (select 1 from memberships m where m.staff_id = "staff"."id" and m.school_code = nullif(current_setting('app.school', true), '')) or exists (select 1 from administrators a join organisations o on o.founder_number = a.founder_number where a.staff_id = "staff"."id" and o.code = nullif(current_setting('app.school', true), '')) or exists (select 1 from administrators mine where 'staff:' || mine.staff_id = nullif(current_setting('app.actor', true), '') and mine.founder_number = "staff"."founder_number" and mine.ended_at is null)));--> statement-breakpoint
CREATE POLICY "staff_join" ON "staff" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:joining'));--> statement-breakpoint
CREATE POLICY "staff_update" ON "staff" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:login') or exists (select 1 from administrators mine where 'staff:' || mine.staff_id = nullif(current_setting('app.actor', true), '') and mine.founder_number = "staff"."founder_number" and mine.ended_at is null))) WITH CHECK (((nullif(current_setting('app.actor', true), '') = 'system:login') or exists (select 1 from administrators mine where 'staff:' || mine.staff_id = nullif(current_setting('app.actor', true), '') and mine.founder_number = "staff"."founder_number" and mine.ended_at is null)));--> statement-breakpoint
CREATE POLICY "staff_write" ON "staff" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:directory')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "access_codes_read" ON "access_codes" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "access_codes"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:access-code')));--> statement-breakpoint
CREATE POLICY "access_codes_need_to_know" ON "access_codes" AS RESTRICTIVE FOR SELECT TO public USING (((coalesce(current_setting('app.person', true), '') <> '') or (coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "access_codes"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "access_codes"."pupil_id"]) or false))));--> statement-breakpoint
CREATE POLICY "access_codes_insert" ON "access_codes" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "access_codes"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "access_codes_update" ON "access_codes" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "access_codes"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:access-code'))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "access_codes"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:access-code')));--> statement-breakpoint
CREATE POLICY "code_attempts_access_code" ON "code_attempts" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:access-code')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:access-code'));--> statement-breakpoint
CREATE POLICY "machine_clients_read" ON "machine_clients" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:login') or ((nullif(current_setting('app.actor', true), '') is not null) and "machine_clients"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "machine_clients_used" ON "machine_clients" AS PERMISSIVE FOR UPDATE TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "machine_clients_write" ON "machine_clients" AS PERMISSIVE FOR ALL TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:directory') or (nullif(current_setting('app.actor', true), '') like 'staff:%' and "machine_clients"."school_code" = nullif(current_setting('app.school', true), '')))) WITH CHECK (((nullif(current_setting('app.actor', true), '') = 'system:directory') or (nullif(current_setting('app.actor', true), '') like 'staff:%' and "machine_clients"."school_code" = nullif(current_setting('app.school', true), ''))));--> statement-breakpoint
CREATE POLICY "machine_keys_read" ON "machine_keys" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:login') or (nullif(current_setting('app.actor', true), '') like 'staff:%' and "machine_keys"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "machine_keys_used" ON "machine_keys" AS PERMISSIVE FOR UPDATE TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "machine_keys_write" ON "machine_keys" AS PERMISSIVE FOR ALL TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:directory') or (nullif(current_setting('app.actor', true), '') like 'staff:%' and "machine_keys"."school_code" = nullif(current_setting('app.school', true), '')))) WITH CHECK (((nullif(current_setting('app.actor', true), '') = 'system:directory') or (nullif(current_setting('app.actor', true), '') like 'staff:%' and "machine_keys"."school_code" = nullif(current_setting('app.school', true), ''))));--> statement-breakpoint
CREATE POLICY "machine_uploads_read" ON "machine_uploads" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') like 'staff:%' and "machine_uploads"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "machine_uploads_count" ON "machine_uploads" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "guardian_consents_read" ON "guardian_consents" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "guardian_consents"."school_code" = nullif(current_setting('app.school', true), '')) or exists (select 1 from pupil_links l where l.pupil_id = "guardian_consents"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) or exists (select 1 from pupil_links l where l.guardian_id = "guardian_consents"."guardian_id" and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:linking') or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "guardian_consents_need_to_know" ON "guardian_consents" AS RESTRICTIVE FOR SELECT TO public USING (((coalesce(current_setting('app.person', true), '') <> '') or (coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "guardian_consents"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "guardian_consents"."pupil_id"]) or false))));--> statement-breakpoint
CREATE POLICY "guardian_consents_insert" ON "guardian_consents" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "guardian_consents"."given_by" = nullif(current_setting('app.person', true), '')) and "guardian_consents"."withdrawn_at" is null and "guardian_consents"."given_at" between now() - interval '5 minutes' and now() + interval '5 minutes' and "guardian_consents"."until" >= ("guardian_consents"."given_at" at time zone 'Asia/Tokyo')::date and "guardian_consents"."until" <= (("guardian_consents"."given_at" at time zone 'Asia/Tokyo')::date + interval '1 year')::date and exists (select 1 from pupil_links l where l.pupil_id = "guardian_consents"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) and exists (select 1 from guardians g where g.id = "guardian_consents"."guardian_id" and g.pupil_id = "guardian_consents"."pupil_id" and g.school_code = "guardian_consents"."school_code" and g.state = 'confirmed' and coalesce(g.valid_until, ("guardian_consents"."given_at" at time zone 'Asia/Tokyo')::date) >= ("guardian_consents"."given_at" at time zone 'Asia/Tokyo')::date) and not exists (select 1 from pupil_links l where l.guardian_id = "guardian_consents"."guardian_id" and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) and not exists (select 1 from protection_marks pm where pm.subject = 'pupil:' || "guardian_consents"."pupil_id")));--> statement-breakpoint
CREATE POLICY "guardian_consents_withdraw" ON "guardian_consents" AS PERMISSIVE FOR UPDATE TO public USING (("guardian_consents"."withdrawn_at" is null and (exists (select 1 from pupil_links l where l.pupil_id = "guardian_consents"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) or (nullif(current_setting('app.actor', true), '') like 'staff:%' and "guardian_consents"."school_code" = nullif(current_setting('app.school', true), ''))))) WITH CHECK (("guardian_consents"."withdrawn_at" is not null and (exists (select 1 from pupil_links l where l.pupil_id = "guardian_consents"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) or (nullif(current_setting('app.actor', true), '') like 'staff:%' and "guardian_consents"."school_code" = nullif(current_setting('app.school', true), '')))));--> statement-breakpoint
CREATE POLICY "guardian_consents_directory" ON "guardian_consents" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "guardian_notices_own" ON "guardian_notices" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "guardian_notices"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "guardian_notices_linking" ON "guardian_notices" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:linking')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:linking'));--> statement-breakpoint
CREATE POLICY "guardians_read" ON "guardians" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "guardians"."school_code" = nullif(current_setting('app.school', true), '')) or exists (select 1 from pupil_links l where l.guardian_id = "guardians"."id" and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:linking') or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "guardians_of_own" ON "guardians" AS PERMISSIVE FOR SELECT TO public USING (("guardians"."state" = 'confirmed' and exists (select 1 from pupil_links l where l.pupil_id = "guardians"."pupil_id" and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '')) and "guardians"."pupil_id" = any (string_to_array(current_setting('app.of_age', true), ' '))));--> statement-breakpoint
CREATE POLICY "guardians_need_to_know" ON "guardians" AS RESTRICTIVE FOR SELECT TO public USING (((coalesce(current_setting('app.person', true), '') <> '') or (coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "guardians"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "guardians"."pupil_id"]) or false))));--> statement-breakpoint
CREATE POLICY "guardians_insert" ON "guardians" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "guardians"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "guardians_update" ON "guardians" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "guardians"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:linking'))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "guardians"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:linking')));--> statement-breakpoint
CREATE POLICY "linking_codes_read" ON "linking_codes" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "linking_codes"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:linking')));--> statement-breakpoint
CREATE POLICY "linking_codes_need_to_know" ON "linking_codes" AS RESTRICTIVE FOR SELECT TO public USING (((coalesce(current_setting('app.person', true), '') <> '') or (coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "linking_codes"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "linking_codes"."pupil_id"]) or false))));--> statement-breakpoint
CREATE POLICY "linking_codes_insert" ON "linking_codes" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "linking_codes"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "linking_codes_update" ON "linking_codes" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "linking_codes"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:linking'))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "linking_codes"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:linking')));--> statement-breakpoint
CREATE POLICY "linking_refusals_linking" ON "linking_refusals" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:linking')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:linking'));--> statement-breakpoint
CREATE POLICY "pupil_links_read" ON "pupil_links" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "pupil_links"."school_code" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "pupil_links"."person_id" = nullif(current_setting('app.person', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:linking') or (nullif(current_setting('app.actor', true), '') = 'system:access-code') or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "pupil_links_need_to_know" ON "pupil_links" AS RESTRICTIVE FOR SELECT TO public USING (((coalesce(current_setting('app.person', true), '') <> '') or (coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "pupil_links"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "pupil_links"."pupil_id"]) or false))));--> statement-breakpoint
CREATE POLICY "pupil_links_insert" ON "pupil_links" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') = 'system:linking') or (nullif(current_setting('app.actor', true), '') = 'system:access-code') or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "pupil_links_update" ON "pupil_links" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "pupil_links"."school_code" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "pupil_links"."person_id" = nullif(current_setting('app.person', true), '')))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "pupil_links"."school_code" = nullif(current_setting('app.school', true), '')) or (((nullif(current_setting('app.actor', true), '') is not null) and "pupil_links"."person_id" = nullif(current_setting('app.person', true), '')) and "pupil_links"."ended_at" is not null)));--> statement-breakpoint
CREATE POLICY "log_ins_login" ON "log_ins" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "log_ins_access_code" ON "log_ins" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:access-code')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:access-code'));--> statement-breakpoint
CREATE POLICY "log_ins_own_read" ON "log_ins" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "log_ins"."person_id" = nullif(current_setting('app.person', true), '')) or ('staff:' || "log_ins"."staff_id" = nullif(current_setting('app.actor', true), ''))));--> statement-breakpoint
CREATE POLICY "log_ins_own_insert" ON "log_ins" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "log_ins"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "log_ins_own_update" ON "log_ins" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "log_ins"."person_id" = nullif(current_setting('app.person', true), '')) or ('staff:' || "log_ins"."staff_id" = nullif(current_setting('app.actor', true), '')))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "log_ins"."person_id" = nullif(current_setting('app.person', true), '')) or ('staff:' || "log_ins"."staff_id" = nullif(current_setting('app.actor', true), ''))));--> statement-breakpoint
CREATE POLICY "challenges_login" ON "challenges" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "person_accounts_login" ON "person_accounts" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "person_accounts_own" ON "person_accounts" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "person_accounts"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "person_accounts_own_removal" ON "person_accounts" AS PERMISSIVE FOR DELETE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "person_accounts"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "person_accounts_directory" ON "person_accounts" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:directory')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "person_certificates_login" ON "person_certificates" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "person_certificates_own" ON "person_certificates" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "person_certificates"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "person_certificates_own_removal" ON "person_certificates" AS PERMISSIVE FOR DELETE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "person_certificates"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "person_certificates_directory" ON "person_certificates" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:directory')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "persons_login" ON "persons" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "persons_access_code" ON "persons" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:access-code')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:access-code'));--> statement-breakpoint
CREATE POLICY "persons_own" ON "persons" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "persons"."id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "persons_directory" ON "persons" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:directory')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:directory'));--> statement-breakpoint
CREATE POLICY "rate_limits_counting" ON "rate_limits" AS PERMISSIVE FOR ALL TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:login') or (nullif(current_setting('app.actor', true), '') = 'system:linking'))) WITH CHECK (((nullif(current_setting('app.actor', true), '') = 'system:login') or (nullif(current_setting('app.actor', true), '') = 'system:linking')));--> statement-breakpoint
CREATE POLICY "session_certificates_login" ON "session_certificates" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "sessions_login" ON "sessions" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "sessions_access_code" ON "sessions" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:access-code')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:access-code'));--> statement-breakpoint
CREATE POLICY "sessions_own_read" ON "sessions" AS PERMISSIVE FOR SELECT TO public USING ((('staff:' || "sessions"."staff_id" = nullif(current_setting('app.actor', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "sessions"."person_id" = nullif(current_setting('app.person', true), ''))));--> statement-breakpoint
CREATE POLICY "sessions_own_end" ON "sessions" AS PERMISSIVE FOR DELETE TO public USING ((('staff:' || "sessions"."staff_id" = nullif(current_setting('app.actor', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "sessions"."person_id" = nullif(current_setting('app.person', true), ''))));--> statement-breakpoint
CREATE POLICY "sign_in_attempts_login" ON "sign_in_attempts" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "used_tokens_login" ON "used_tokens" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:login')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:login'));--> statement-breakpoint
CREATE POLICY "case_keys_read" ON "case_keys" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."organisation" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."granted_by" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."shared_with" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:locker') or exists (select 1 from certificate_register r where r.id = "case_keys"."case_id" and r.school_code = "case_keys"."organisation")));--> statement-breakpoint
CREATE POLICY "case_keys_insert" ON "case_keys" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."granted_by" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "case_keys_update" ON "case_keys" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."granted_by" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:locker'))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."granted_by" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:locker')));--> statement-breakpoint
CREATE POLICY "case_keys_delete" ON "case_keys" AS PERMISSIVE FOR DELETE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."organisation" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."granted_by" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "case_keys"."shared_with" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:locker')));--> statement-breakpoint
CREATE POLICY "objects_read" ON "objects" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "objects"."organisation" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:locker') or exists (select 1 from case_keys k where k.case_id = "objects"."case_id" and k.organisation = nullif(current_setting('app.school', true), ''))));--> statement-breakpoint
CREATE POLICY "objects_insert" ON "objects" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "objects"."organisation" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "objects_update" ON "objects" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "objects"."organisation" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:locker'))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "objects"."organisation" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:locker')));--> statement-breakpoint
CREATE POLICY "objects_delete" ON "objects" AS PERMISSIVE FOR DELETE TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:locker'));--> statement-breakpoint
CREATE POLICY "organisation_keys_locker" ON "organisation_keys" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:locker')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:locker'));--> statement-breakpoint
CREATE POLICY "seal_keys_watch" ON "seal_keys" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') = 'system:seal-watch') or (nullif(current_setting('app.actor', true), '') = 'system:published-seals')));--> statement-breakpoint
CREATE POLICY "seal_keys_own" ON "seal_keys" AS PERMISSIVE FOR ALL TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "seal_keys"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory'))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "seal_keys"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:directory')));--> statement-breakpoint
CREATE POLICY "access_reports_read" ON "access_reports" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') like 'staff:%' and "access_reports"."school_code" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "access_reports"."person_id" = nullif(current_setting('app.person', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:report-count')));--> statement-breakpoint
CREATE POLICY "access_reports_need_to_know" ON "access_reports" AS RESTRICTIVE FOR SELECT TO public USING ((coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "access_reports"."pupil_id", 'case:' || "access_reports"."case_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "access_reports"."pupil_id", 'case:' || "access_reports"."case_id"]) or person_is_cleared(array['pupil:' || "access_reports"."pupil_id", 'case:' || "access_reports"."case_id"], "access_reports"."pupil_id"))));--> statement-breakpoint
CREATE POLICY "access_reports_insert" ON "access_reports" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "access_reports"."person_id" = nullif(current_setting('app.person', true), '')));--> statement-breakpoint
CREATE POLICY "access_reports_update" ON "access_reports" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "access_reports"."school_code" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "access_reports"."person_id" = nullif(current_setting('app.person', true), ''))));--> statement-breakpoint
CREATE POLICY "ledger_holds_read" ON "ledger_holds" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') like 'staff:%' and "ledger_holds"."school_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:ledger')));--> statement-breakpoint
CREATE POLICY "ledger_holds_need_to_know" ON "ledger_holds" AS RESTRICTIVE FOR SELECT TO public USING ((coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "ledger_holds"."pupil_id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "ledger_holds"."pupil_id"]) or false)));--> statement-breakpoint
CREATE POLICY "ledger_holds_insert" ON "ledger_holds" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "ledger_holds"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "ledger_holds_update" ON "ledger_holds" AS PERMISSIVE FOR UPDATE TO public USING ((nullif(current_setting('app.actor', true), '') like 'staff:%' and "ledger_holds"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "case_progress_read" ON "case_progress" AS PERMISSIVE FOR SELECT TO public USING ((("case_progress"."board_code" = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor') or (parties_of_visible_case("case_progress"."case_id") is not null) or (nullif(current_setting('app.actor', true), '') = 'system:statistics')));--> statement-breakpoint
CREATE POLICY "case_progress_to_remind_read" ON "case_progress" AS PERMISSIVE FOR SELECT TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:reminders'));--> statement-breakpoint
CREATE POLICY "case_progress_to_remind_update" ON "case_progress" AS PERMISSIVE FOR UPDATE TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:reminders'));--> statement-breakpoint
CREATE POLICY "case_progress_insert" ON "case_progress" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.school', true), '') = any (parties_of_visible_case("case_progress"."case_id"))));--> statement-breakpoint
CREATE POLICY "case_progress_update" ON "case_progress" AS PERMISSIVE FOR UPDATE TO public USING ((nullif(current_setting('app.school', true), '') = any (parties_of_visible_case("case_progress"."case_id"))));--> statement-breakpoint
CREATE POLICY "case_progress_peers_read" ON "case_progress_peers" AS PERMISSIVE FOR SELECT TO public USING (((exists (select 1 from case_progress p where p.id = "case_progress_peers"."progress_id" and (p.board_code = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor')) and not exists (select 1 from protection_marks pm where pm.subject = any("case_progress_peers"."subjects"))) or (parties_of_visible_case("case_progress_peers"."case_id") is not null)));--> statement-breakpoint
CREATE POLICY "case_progress_peers_insert" ON "case_progress_peers" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((nullif(current_setting('app.school', true), '') = any (parties_of_visible_case("case_progress_peers"."case_id"))));--> statement-breakpoint
CREATE POLICY "case_progress_peers_update" ON "case_progress_peers" AS PERMISSIVE FOR UPDATE TO public USING ((nullif(current_setting('app.school', true), '') = any (parties_of_visible_case("case_progress_peers"."case_id"))));--> statement-breakpoint
CREATE POLICY "approvals_read" ON "approvals" AS PERMISSIVE FOR SELECT TO public USING ((parties_of_visible_case("approvals"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "approvals_insert" ON "approvals" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((parties_of_visible_case("approvals"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "approvals_update" ON "approvals" AS PERMISSIVE FOR UPDATE TO public USING (((parties_of_visible_case("approvals"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "break_glasses_read" ON "break_glasses" AS PERMISSIVE FOR SELECT TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "break_glasses"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "break_glasses_insert" ON "break_glasses" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "break_glasses"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "break_glasses_update" ON "break_glasses" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "break_glasses"."school_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "case_renewals_read" ON "case_renewals" AS PERMISSIVE FOR SELECT TO public USING ((parties_of_visible_case("case_renewals"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "case_renewals_job" ON "case_renewals" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:case-renewal')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:case-renewal'));--> statement-breakpoint
CREATE POLICY "cases_read" ON "cases" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "cases"."sender_code" = nullif(current_setting('app.school', true), '')) or (((nullif(current_setting('app.actor', true), '') is not null) and "cases"."recipient_code" = nullif(current_setting('app.school', true), '')) and "cases"."state" in ('deposited', 'opened', 'acknowledged', 'returned')) or ((coalesce(current_setting('app.person', true), '') <> '') and person_is_linked("cases"."pupil_id", "cases"."pupil_birth_date")) or (nullif(current_setting('app.actor', true), '') = 'system:verification') or (nullif(current_setting('app.actor', true), '') = 'system:protection') or (nullif(current_setting('app.actor', true), '') = 'system:case-renewal') or (nullif(current_setting('app.actor', true), '') = 'system:alerts') or ((nullif(current_setting('app.actor', true), '') = 'system:board-glass') and case_is_open_to_board("cases"."id"))));--> statement-breakpoint
CREATE POLICY "cases_need_to_know" ON "cases" AS RESTRICTIVE FOR SELECT TO public USING ((coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('pupil:' || "cases"."pupil_id", 'code:' || "cases"."acceptance_code_hash", 'case:' || "cases"."id")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['pupil:' || "cases"."pupil_id", 'code:' || "cases"."acceptance_code_hash", 'case:' || "cases"."id"]) or person_is_cleared(array['pupil:' || "cases"."pupil_id", 'code:' || "cases"."acceptance_code_hash", 'case:' || "cases"."id"], "cases"."pupil_id"))));--> statement-breakpoint
CREATE POLICY "cases_insert" ON "cases" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "cases"."sender_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "cases_update" ON "cases" AS PERMISSIVE FOR UPDATE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "cases"."sender_code" = nullif(current_setting('app.school', true), '')) or (((nullif(current_setting('app.actor', true), '') is not null) and "cases"."recipient_code" = nullif(current_setting('app.school', true), '')) and "cases"."state" in ('deposited', 'opened', 'acknowledged', 'returned')))) WITH CHECK ((((nullif(current_setting('app.actor', true), '') is not null) and "cases"."sender_code" = nullif(current_setting('app.school', true), '')) or ((nullif(current_setting('app.actor', true), '') is not null) and "cases"."recipient_code" = nullif(current_setting('app.school', true), ''))));--> statement-breakpoint
CREATE POLICY "cases_delete" ON "cases" AS PERMISSIVE FOR DELETE TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "cases"."sender_code" = nullif(current_setting('app.school', true), '')) and "cases"."state" = 'draft'));--> statement-breakpoint
CREATE POLICY "container_seals_read" ON "container_seals" AS PERMISSIVE FOR SELECT TO public USING ((parties_of_visible_case("container_seals"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "container_seals_insert" ON "container_seals" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((parties_of_visible_case("container_seals"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "container_seals_delete" ON "container_seals" AS PERMISSIVE FOR DELETE TO public USING (((parties_of_visible_case("container_seals"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "custodies_read" ON "custodies" AS PERMISSIVE FOR SELECT TO public USING ((parties_of_visible_case("custodies"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "custodies_insert" ON "custodies" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((parties_of_visible_case("custodies"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "custodies_update" ON "custodies" AS PERMISSIVE FOR UPDATE TO public USING ((parties_of_visible_case("custodies"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "custodies_delete" ON "custodies" AS PERMISSIVE FOR DELETE TO public USING (((parties_of_visible_case("custodies"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "deliveries_read" ON "deliveries" AS PERMISSIVE FOR SELECT TO public USING ((parties_of_visible_case("deliveries"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "deliveries_insert" ON "deliveries" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((parties_of_visible_case("deliveries"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "documents_read" ON "documents" AS PERMISSIVE FOR SELECT TO public USING ((parties_of_visible_case("documents"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "documents_insert" ON "documents" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((parties_of_visible_case("documents"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "documents_update" ON "documents" AS PERMISSIVE FOR UPDATE TO public USING (((parties_of_visible_case("documents"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "documents_delete" ON "documents" AS PERMISSIVE FOR DELETE TO public USING (((parties_of_visible_case("documents"."case_id"))[1] = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "expectations_read" ON "expectations" AS PERMISSIVE FOR SELECT TO public USING ((((nullif(current_setting('app.actor', true), '') is not null) and "expectations"."recipient_code" = nullif(current_setting('app.school', true), '')) or (nullif(current_setting('app.actor', true), '') = 'system:addressing')));--> statement-breakpoint
CREATE POLICY "expectations_need_to_know" ON "expectations" AS RESTRICTIVE FOR SELECT TO public USING ((coalesce(current_setting('app.actor', true), '') like 'system:%' or not exists (select 1 from protection_marks pm where pm.subject in ('code:' || "expectations"."code_hash")) or (coalesce(current_setting('app.actor', true), '') like 'machine:%') is false and (coalesce(current_setting('app.role', true), '') = 'principal' or staff_is_named(array['code:' || "expectations"."code_hash"]) or false)));--> statement-breakpoint
CREATE POLICY "expectations_insert" ON "expectations" AS PERMISSIVE FOR INSERT TO public WITH CHECK (((nullif(current_setting('app.actor', true), '') is not null) and "expectations"."recipient_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "expectations_update" ON "expectations" AS PERMISSIVE FOR UPDATE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "expectations"."recipient_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "expectations_delete" ON "expectations" AS PERMISSIVE FOR DELETE TO public USING (((nullif(current_setting('app.actor', true), '') is not null) and "expectations"."recipient_code" = nullif(current_setting('app.school', true), '')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_own" ON "idempotency_keys" AS PERMISSIVE FOR ALL TO public USING (("idempotency_keys"."client" = nullif(current_setting('app.actor', true), '') or (nullif(current_setting('app.actor', true), '') = 'system:housekeeping'))) WITH CHECK ("idempotency_keys"."client" = nullif(current_setting('app.actor', true), ''));--> statement-breakpoint
CREATE POLICY "receipts_read" ON "receipts" AS PERMISSIVE FOR SELECT TO public USING ((parties_of_visible_case("receipts"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "receipts_insert" ON "receipts" AS PERMISSIVE FOR INSERT TO public WITH CHECK ((parties_of_visible_case("receipts"."case_id") is not null));--> statement-breakpoint
CREATE POLICY "presentation_requests_job" ON "presentation_requests" AS PERMISSIVE FOR ALL TO public USING ((nullif(current_setting('app.actor', true), '') = 'system:presentation')) WITH CHECK ((nullif(current_setting('app.actor', true), '') = 'system:presentation'));