/* SPDX-License-Identifier: MIT */
/* What goes wrong and how often. Drawn from a seeded generator, so a run can be repeated.
 */
#include "sim.h"

#include "base/clock.h"

const char *fault_name(enum fault fault)
{
	static const char *const names[FAULT_COUNT] = {
		[FAULT_NONE] = "none",
		[FAULT_500] = "500",
		[FAULT_429] = "429",
		[FAULT_TIMEOUT] = "timeout",
		[FAULT_RESET] = "reset",
		[FAULT_TRUNCATED] = "truncated",
		[FAULT_GARBAGE] = "garbage",
		[FAULT_TAKEN_500] = "taken500",
		[FAULT_REFUSED] = "refused",
		[FAULT_REDELIVERY] = "redelivery",
		[FAULT_REORDERED] = "reordered",
		[FAULT_DRIP] = "drip",
	};

	return names[fault];
}

uint64_t fault_random(struct faults *f)
{
	/* splitmix64 */
	uint64_t z = f->seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

enum fault fault_draw(struct faults *f, enum fault_side side)
{
	unsigned at = (unsigned)(fault_random(f) % 1000), sum = 0;

	for (int i = 1; i < FAULT_COUNT; i++) {
		sum += f->per_mille[side][i];
		if (at < sum)
			return (enum fault)i;
	}
	return FAULT_NONE;
}

static bool rate_set(struct faults *f, struct str name, int64_t per_mille)
{
	static const struct str sides[FAULT_SIDES] = {
		[FAULT_POLL] = STR_INIT("poll."),
		[FAULT_SEND] = STR_INIT("send."),
	};

	if (per_mille < 0 || per_mille > 1000)
		return false;
	for (int side = 0; side < FAULT_SIDES; side++)
		for (int i = 1; i < FAULT_COUNT; i++)
			if (str_starts(name, sides[side]) &&
			    str_eq(str_slice(name, sides[side].n, name.n),
				   str_of(fault_name((enum fault)i)))) {
				f->per_mille[side][i] = (unsigned)per_mille;
				return true;
			}
	return false;
}

static bool one_set(struct faults *f, struct str name, struct str value)
{
	int64_t n;

	if (str_eq(name, STR("hold")))
		return str_to_ms(value, &f->hold_ms);
	if (str_eq(name, STR("down"))) {
		if (!str_to_ms(value, &n))
			return false;
		f->down_until_ms = clock_mono_ms() + n;
		return true;
	}
	return str_to_int(value, &n) && rate_set(f, name, n);
}

bool faults_set(struct faults *f, struct str list, struct str *bad)
{
	struct str part;

	while (list.n && str_split(&list, ',', &part)) {
		size_t eq = str_find_char(part, '=');

		*bad = part;
		if (str_eq(part, STR("none")))
			memset(f->per_mille, 0, sizeof(f->per_mille)), f->hold_ms = 0;
		else if (eq == part.n || !one_set(f, str_slice(part, 0, eq),
						  str_slice(part, eq + 1, part.n)))
			return false;
	}
	return true;
}
