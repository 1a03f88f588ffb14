/* SPDX-License-Identifier: MIT */
/* Understanding: the labelled texts of the subject's description, and the traps it names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "config/config.h"

static struct config *config;
static struct arena *arena;

static int setup(void **state)
{
	struct config_faults faults = { .text = BUF_INIT(1 << 20) };

	(void)state;
	config = config_load("conf/kentongan.conf", true, &faults);
	if (!config)
		fwrite(faults.text.p, 1, faults.text.n, stderr);
	arena = arena_new("test", 8 << 20);
	return config && arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	config_free(config);
	arena_free(arena);
	return 0;
}

static struct routing route(const char *text)
{
	struct routing r;

	router_route(config->router, str_of(text), arena, &r);
	return r;
}

static const char *where(const char *text)
{
	struct routing r = route(text);

	return r.department < 0 ? text_kind_name(r.kind)
				: config->departments[r.department].code.p;
}

static void goes_where_it_should(void **state)
{
	static const struct {
		const char *where, *text;
	} rows[] = {
		{ "PUPR", "jln di kp cibogo rsk parah" },
		{ "PUPR", "JALAN RUSAK PARAHHHHH di ciruas" },
		{ "PUPR", "LAPOR<spasi>jalan rusak di petir" },
		{ "PUPR", "lapor#jalan berlubang dpn pasar" },
		{ "DISHUB", "lampu jalan mati depan puskesmas" },
		{ "DLH", "smph ga diangkut2" },
		{ "DLH", "runtah numpuk di sisi jalan pasir kupa teu diangkut2" },
		{ "INSPEKTORAT", "kades korupsi dana desa bangun rumah mewah" },
		{ "INSPEKTORAT", "pungli di sekolah anak sy disuruh bayar" },
		{ "INSPEKTORAT", "Stop pungli di sekolah anak saya" },
		{ "PDAM", "air pdam ga ngalir 3 hari" },
		{ "command", "CEK 25004176" },
		{ "thanks", "terima kasih jalan sudah diperbaiki" },
		{ "greeting", "assalamualaikum" },
		{ "unclear", "kk bantu dong" },
		{ "unclear", "" },
		{ "unclear", "...!!! ???" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		arena_reset(arena);
		if (strcmp(where(rows[i].text), rows[i].where) != 0)
			fail_msg("\"%s\" goes to %s", rows[i].text, where(rows[i].text));
	}
}

static void sensitive_and_urgent(void **state)
{
	(void)state;
	assert_true(route("bansos disunat sama pa rt").sensitive);
	assert_false(route("jalan rusak di kp cibogo").sensitive);
	assert_true(route("banjir sepinggang tolong evakuasi di citasuk").urgent);
	assert_false(route("sampah numpuk di pasar").urgent);
}

/* Money asked by somebody in office goes to the inspectorate, never to the office named;
 * what only sounds like it stays where it belongs. */
static void accusations(void **state)
{
	static const struct {
		const char *where, *text;
		bool sensitive;
	} rows[] = {
		{ "INSPEKTORAT", "bidan minta 500 ribu padahal saya pake kis", true },
		{ "INSPEKTORAT", "pak rt motong bansos 50rb tiap orang", true },
		{ "INSPEKTORAT", "kepala sekolah narik iuran wajib 200rb per murid",
		  true },
		{ "INSPEKTORAT", "bikin akte lewat orang dalem 300rb sehari jadi", true },
		{ "DISNAKER", "calo minta 8 juta biar masuk pabrik", true },
		{ "DISHUB", "tukang parkir minta 5 ribu tanpa karcis", true },
		{ "DISDIKBUD", "guru honor belum gajian 3 bulan", false },
		{ "DISNAKER", "gaji di bawah umk", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		arena_reset(arena);
		if (strcmp(where(rows[i].text), rows[i].where) != 0)
			fail_msg("\"%s\" goes to %s", rows[i].text, where(rows[i].text));
		if (route(rows[i].text).sensitive != rows[i].sensitive)
			fail_msg("\"%s\" is %ssensitive", rows[i].text,
				 rows[i].sensitive ? "not " : "");
	}
}

static void no_complaints(void **state)
{
	static const char *const texts[] = {
		"makasih pak jalan kampung kami sudah dicor",
		"jual pupuk organik murah siap antar hub 0812xxxx",
		"coblos nomor urut 2 pasangan merakyat",
		"BMKG mengimbau warga waspada hujan lebat",
		"kp cibogo rt 2 rw 1 ds sukamaju",
		"tolong dong pak dibantu",
		"mang jadi ketemuan ga nanti sore",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		arena_reset(arena);
		if (route(texts[i]).department >= 0)
			fail_msg("\"%s\" goes to %s", texts[i], where(texts[i]));
	}
}

static void alarms(void **state)
{
	static const struct {
		bool urgent;
		const char *text;
	} rows[] = {
		{ true, "kebakaran rumah di kp baru cepat pak" },
		{ true, "anak hanyut di kali belum ketemu" },
		{ true, "pohon roboh nimpa rumah orangnya masih di dalam" },
		{ false, "korban kebakaran bulan lalu belum dapat bantuan" },
		{ false, "pohon miring takut roboh menimpa rumah" },
		{ false, "jalan ini rawan kecelakaan minta rambu" },
		{ false, "tiap hujan banjir, got mampet" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		arena_reset(arena);
		if (route(rows[i].text).urgent != rows[i].urgent)
			fail_msg("\"%s\" is %surgent", rows[i].text,
				 rows[i].urgent ? "not " : "");
	}
}

static void places(void **state)
{
	struct routing r = route("jalan rusak di ds citasuk kec padarincang");

	(void)state;
	assert_true(str_eq(r.kecamatan, STR("Padarincang")));
	assert_true(str_eq(r.desa, STR("Citasuk")));
	/* The kecamatan that is named wins over another's desa. */
	r = route("jalan rusak di ds ciherang padarincang");
	assert_true(str_eq(r.kecamatan, STR("Padarincang")));
	assert_int_equal(r.desa.n, 0);
	r = route("jalan rusak kec padarincang ds ciherang");
	assert_true(str_eq(r.kecamatan, STR("Padarincang")));
	assert_int_equal(r.desa.n, 0);
	r = route("jalan rusak padarincang ds ciherang");
	assert_true(str_eq(r.kecamatan, STR("Padarincang")));
	r = route("jalan rusak di ds citasuk padarincang");
	assert_true(str_eq(r.desa, STR("Citasuk")));
	r = route("jalan rusak di ds ciherang");
	assert_true(str_eq(r.kecamatan, STR("Gunungsari")));
	assert_true(str_eq(r.desa, STR("Ciherang")));
	r = route("petir menyambar pohon, jalan rusak");
	assert_int_equal(r.kecamatan.n, 0);
	r = route("sampah numpuk di kecamatan petir");
	assert_true(str_eq(r.kecamatan, STR("Petir")));
	r = route("saya dari lampung, sampah numpuk");
	assert_int_equal(r.kecamatan.n, 0);
}

static void says_why(void **state)
{
	struct routing r = route("jalan rusak di kp cibogo");
	struct json *root = router_json(config->router, &r);
	static const char *const names[] = { "kind",	     "department", "score",
					     "alternatives", "matched",	   "urgent",
					     "sensitive",    "kecamatan",  "desa" };

	(void)state;
	assert_true(r.n_reasons > 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_non_null(json_get(root, names[i]));
	assert_true(str_eq(json_str(json_get(root, "department")), STR("PUPR")));
	assert_true(json_count(json_get(root, "matched")) > 0);
	json_free(root);
}

static bool explained(const char *text, const char *words)
{
	struct routing r = route(text);
	struct buf b = BUF_INIT(1 << 20);
	bool found;

	router_explain(config->router, &r, &b);
	found = str_find(buf_str(&b), str_of(words)) < b.n;
	buf_free(&b);
	return found;
}

/* No phrase of its list, yet it must not reach the office it complains about. */
static void says_suspicion(void **state)
{
	(void)state;
	assert_true(explained("lapak kami digusur, lapak yg nyetor ke satpol aman",
			      "suspicion INSPEKTORAT is sensitive"));
	assert_false(explained("pungli di sekolah", "suspicion"));
	assert_false(explained("jalan rusak", "suspicion"));
}

static const char *code_at(int department)
{
	return department < 0 ? "" : config->departments[department].code.p;
}

static bool goes_to_a_human(const char *text)
{
	struct routing r = route(text);

	return r.kind == KIND_UNCLEAR && r.department == -1 && r.suspected;
}

/* What hints at an accusation, and no more, is nobody's but a human's. */
static void in_doubt_a_human(void **state)
{
	static const char *const hints[] = {
		"stempel desa dibawa pulang kades ga bisa bikin surat",
		"kunci puskesmas dibawa pulang petugas",
	};
	static const char *const ordinary[] = {
		"polisi tidur depan sekolah ketinggian",
		"petugas sampah belum dateng seminggu",
		"guru kelas 3 pensiun belum ada gantinya",
		"bayar pbb dimana ya pak",
		"preman malakin pedagang di pasar",
		"tagihan pdam kemahalan padahal air mati",
	};
	struct routing r;
	struct json *root;
	bool suspected;

	(void)state;
	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (!goes_to_a_human(hints[i]))
			fail_msg("\"%s\" goes to %s", hints[i], where(hints[i]));
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(*ordinary); i++)
		if (route(ordinary[i]).suspected || route(ordinary[i]).sensitive)
			fail_msg("\"%s\" is suspected", ordinary[i]);
	arena_reset(arena);
	assert_true(explained(hints[0], "hint"));
	assert_true(explained(hints[0], "because   it may accuse somebody in office"));
	r = route(hints[0]);
	assert_string_equal(code_at(r.nearest.department), "INSPEKTORAT");
	root = router_json(config->router, &r);
	assert_true(json_bool(json_get(root, "suspected"), &suspected) && suspected);
	json_free(root);
}

/* No rule hints at it, only the model doubts: the human is told by which words. */
static void says_why_it_doubts(void **state)
{
	const char *text = "semen 300 sak turun di depan rumah carik, yg dipake di jalan "
			   "paling separo";

	(void)state;
	assert_true(goes_to_a_human(text));
	assert_false(explained(text, "hint"));
	assert_true(explained(text, "INSPEKTORAT\n"));
	assert_true(explained(text, "signs     \"<"));
	assert_true(explained(text, "suspicion INSPEKTORAT is sensitive"));
}

/* Danger to life does not wait until somebody has read it. */
static void danger_does_not_wait(void **state)
{
	struct routing r = route("banjir sedada di kampung, perahu cuma buat yang bayar "
				 "duluan, tolong evakuasi cepat");

	(void)state;
	assert_true(r.urgent);
	assert_false(r.suspected);
	assert_string_equal(code_at(r.department), "BPBD");
}

/* A street lamp, or the power: nobody can know from these words. */
static void leaves_to_the_citizen_which(void **state)
{
	struct routing r = route("lampu mati");

	(void)state;
	assert_true(r.even);
	assert_string_equal(code_at(r.department), "DISHUB");
	assert_int_equal(r.n_alternatives, 1);
	assert_string_equal(code_at(r.alternatives[0].department), "PLN");
	assert_false(route("lampu jalan mati").even);
	assert_false(route("mati lampu dr td pagi di cikande").even);
}

static void says_what_was_missing(void **state)
{
	struct routing r = route("di jembatan");
	struct json *root = router_json(config->router, &r);

	(void)state;
	assert_int_equal(r.kind, KIND_UNCLEAR);
	assert_true(explained("di jembatan", "because"));
	assert_non_null(json_get(root, "nearest"));
	assert_non_null(json_get(root, "no_complaint"));
	json_free(root);
}

/* ---- what the operator may get wrong ---- */

static unsigned complaints;

static void complain(void *arg, unsigned line, const char *sentence)
{
	struct buf *all = arg;

	complaints++;
	buf_printf(all, "%u: %s\n", line, sentence);
}

static void clashes_are_told(void **state)
{
	struct str a[] = { STR("jalan rusak"), STR("!!") }, b[] = { STR("jln rusak") };
	struct str abbreviations[] = { STR("jln=jalan") };
	struct key_text words[] = { { STR("abbreviations"), { abbreviations, 1 }, 7 },
				    { STR("abreviations"), { abbreviations, 1 }, 8 } };
	const struct router_department departments[] = {
		{ .code = STR("A"), .keywords = { a, 2 }, .line = 10 },
		{ .code = STR("B"), .keywords = { b, 1 }, .line = 20 },
	};
	const struct router_spec spec = { .departments = departments,
					  .n_departments = 2,
					  .words = { words, 2 },
					  .number_width = 5 };
	struct buf all = BUF_INIT(10000);

	(void)state;
	arena_reset(arena);
	complaints = 0;
	assert_null(router_build(&spec, complain, &all, arena));
	assert_int_equal(complaints, 3);
	assert_true(
		str_find(buf_str(&all),
			 STR("20: departments.B.keywords: \"jln rusak\" belongs to A")) <
		all.n);
	assert_true(str_find(buf_str(&all),
			     STR("10: departments.A.keywords: \"!!\" can never match")) <
		    all.n);
	assert_true(str_find(buf_str(&all), STR("8: words.abreviations")) < all.n);
	buf_free(&all);
}

/* A department that no model has seen is found by its phrases alone. */
static void works_without_a_model(void **state)
{
	struct str a[] = { STR("jalan rusak") },
		   b[] = { STR("sampah"), STR("tempat sampah") };
	const struct router_department departments[] = {
		{ .code = STR("A"), .keywords = { a, 1 } },
		{ .code = STR("B"), .keywords = { b, 2 } },
	};
	const struct router_spec spec = { .departments = departments,
					  .n_departments = 2,
					  .number_width = 5 };
	struct buf all = BUF_INIT(1000);
	struct router *router;
	struct routing r;

	(void)state;
	arena_reset(arena);
	router = router_build(&spec, complain, &all, arena);
	assert_non_null(router);
	router_route(router, STR("jalan rusak sekali"), arena, &r);
	assert_int_equal(r.department, 0);
	router_route(router, STR("tempat sampsh penuh"), arena, &r); /* one slip */
	assert_int_equal(r.department, 1);
	router_route(router, STR("apa kabar"), arena, &r);
	assert_int_equal(r.department, -1);
}

/* Rules are the operator's: lists, what must not be there, whom they aim at. */
static void rules_are_data(void **state)
{
	struct str a[] = { STR("sampah") }, none[] = { STR("pungli") },
		   asked[] = { STR("minta uang"), STR("minta duit") },
		   who[] = { STR("mandor") }, not_now[] = { STR("dulu") },
		   urgent[] = { STR("api - <dulu_kala>") },
		   rules[] = { STR("<asked> + <who> = accusation"),
			       STR("sampah + <asked> = A confidential"),
			       STR("sampah + <asked> = NOBODY") };
	struct key_text words[] = {
		{ STR("asked"), { asked, 2 }, 1 },
		{ STR("who"), { who, 1 }, 2 },
		{ STR("dulu_kala"), { not_now, 1 }, 3 },
		{ STR("urgent"), { urgent, 1 }, 4 },
		{ STR("rules"), { rules, 3 }, 5 },
	};
	const struct router_department departments[] = {
		{ .code = STR("A"), .keywords = { a, 1 } },
		{ .code = STR("B"), .keywords = { none, 1 }, .sensitive = true },
	};
	struct router_spec spec = { .departments = departments,
				    .n_departments = 2,
				    .words = { words, 5 },
				    .number_width = 5 };
	struct buf all = BUF_INIT(1000);
	struct router *router;
	struct routing r;

	(void)state;
	arena_reset(arena);
	complaints = 0;
	router = router_build(&spec, complain, &all, arena);
	assert_non_null(router);
	router_route(router, STR("mandor itu minta duit"), arena, &r);
	assert_int_equal(r.department, 1);
	assert_true(r.sensitive);
	assert_true(str_eq(r.reasons[0].what, STR("sensitive")));
	router_route(router, STR("tukang sampah minta uang"), arena, &r);
	assert_int_equal(r.department, 0);
	assert_true(r.sensitive);
	router_route(router, STR("sampah numpuk"), arena, &r);
	assert_false(r.sensitive);
	router_route(router, STR("ada api"), arena, &r);
	assert_true(r.urgent);
	router_route(router, STR("dulu ada api"), arena, &r);
	assert_false(r.urgent);

	rules[0] = STR("<asked> + <who> = suspicion");
	rules[1] = STR("<who> = doubt"); /* nothing without a model that doubts too */
	router = router_build(&spec, complain, &all, arena);
	assert_non_null(router);
	router_route(router, STR("sampah: mandor itu minta duit"), arena, &r);
	assert_int_equal(r.department, -1);
	assert_true(r.suspected);
	router_route(router, STR("sampah kata mandor"), arena, &r);
	assert_int_equal(r.department, 0);

	/* Without an office for accusations they are a human's, not the accused's. */
	rules[0] = STR("<asked> + <who> = accusation");
	spec.n_departments = 1;
	router = router_build(&spec, complain, &all, arena);
	assert_non_null(router);
	router_route(router, STR("sampah: mandor itu minta duit"), arena, &r);
	assert_int_equal(r.department, -1);
	assert_true(r.suspected);

	spec.n_departments = 2;
	rules[2] = STR("sampah + <unknown> = A");
	rules[1] = STR("sampah");
	assert_null(router_build(&spec, complain, &all, arena));
	assert_int_equal(complaints, 2);
	buf_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_where_it_should),
		cmocka_unit_test(sensitive_and_urgent),
		cmocka_unit_test(accusations),
		cmocka_unit_test(no_complaints),
		cmocka_unit_test(alarms),
		cmocka_unit_test(places),
		cmocka_unit_test(says_why),
		cmocka_unit_test(says_suspicion),
		cmocka_unit_test(in_doubt_a_human),
		cmocka_unit_test(says_why_it_doubts),
		cmocka_unit_test(danger_does_not_wait),
		cmocka_unit_test(leaves_to_the_citizen_which),
		cmocka_unit_test(says_what_was_missing),
		cmocka_unit_test(clashes_are_told),
		cmocka_unit_test(works_without_a_model),
		cmocka_unit_test(rules_are_data),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
