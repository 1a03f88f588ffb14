/* SPDX-License-Identifier: MIT */
/* Officers who were called. Contract in duty.h. */
#include "store/duty.h"
#include "store/inside.h"

static int id_row(void *arg, const struct db_value *c, struct err *err)
{
	int64_t *id = store_list_add(arg, err);

	if (!id)
		return -1;
	*id = c[0].i;
	return 0;
}

static int ids(struct store *s, enum stmt stmt, const struct db_value *args,
	       size_t n_args, struct arena *arena, int64_t **out, size_t *n,
	       struct err *err)
{
	struct store_list l = { s, arena, .size = sizeof(int64_t) };

	if (store_run(s, stmt, args, n_args, id_row, &l, err))
		return -1;
	*out = l.items;
	*n = l.n;
	return 0;
}

int store_duty_call(struct store *s, int64_t delivery_id, int64_t ticket_id,
		    int64_t person_id, int64_t now_ms, bool waits, struct err *err)
{
	return store_run(s, STMT_DUTY_CALL,
			 DB_ARGS(DB_I(delivery_id), DB_I(ticket_id), DB_I(person_id),
				 DB_I(now_ms), DB_I(waits)),
			 NULL, NULL, err);
}

int store_duty_calls(struct store *s, int64_t delivery_id, struct arena *arena,
		     int64_t **persons, size_t *n, struct err *err)
{
	return ids(s, STMT_DUTY_CALLS, DB_ARGS(DB_I(delivery_id)), arena, persons, n,
		   err);
}

int store_duty_called(struct store *s, int64_t ticket_id, int64_t person_id, bool *called,
		      struct err *err)
{
	int64_t found = 0;

	if (store_run(s, STMT_DUTY_CALLED, DB_ARGS(DB_I(ticket_id), DB_I(person_id)),
		      store_take_int, &found, err))
		return -1;
	*called = found != 0;
	return 0;
}

int store_duty_waiting(struct store *s, int64_t person_id, int limit, struct arena *arena,
		       int64_t **tickets, size_t *n, struct err *err)
{
	return ids(s, STMT_DUTY_WAITING, DB_ARGS(DB_I(person_id), DB_I(limit)), arena,
		   tickets, n, err);
}

int store_duty_unheard(struct store *s, int64_t message_id, int64_t *delivery_id,
		       struct err *err)
{
	*delivery_id = 0;
	return store_run(s, STMT_DUTY_UNHEARD, DB_ARGS(DB_I(message_id)), store_take_int,
			 delivery_id, err);
}

int store_duty_answered(struct store *s, int64_t ticket_id, struct err *err)
{
	return store_run(s, STMT_DUTY_CLOSE, DB_ARGS(DB_I(ticket_id)), NULL, NULL, err) ||
			       store_run(s, STMT_DUTY_ANSWERED, DB_ARGS(DB_I(ticket_id)),
					 NULL, NULL, err)
		       ? -1
		       : 0;
}

int store_duty_ack(struct store *s, int64_t delivery_id, int64_t due_ms, struct err *err)
{
	return store_run(s, STMT_DUTY_ACK, DB_ARGS(DB_I(due_ms), DB_I(delivery_id)), NULL,
			 NULL, err);
}

int store_duty_due(struct store *s, int64_t now_ms, int limit, struct arena *arena,
		   int64_t **deliveries, size_t *n, struct err *err)
{
	return ids(s, STMT_DUTY_DUE, DB_ARGS(DB_I(now_ms), DB_I(limit)), arena,
		   deliveries, n, err);
}

int store_duty_next(struct store *s, int64_t *due_ms, struct err *err)
{
	int64_t next = INT64_MAX;

	if (store_run(s, STMT_DUTY_NEXT, NULL, 0, store_take_int, &next, err))
		return -1;
	*due_ms = next;
	return 0;
}

int store_duty_move(struct store *s, int64_t by_ms, struct err *err)
{
	return store_run(s, STMT_DUTY_MOVE, DB_ARGS(DB_I(by_ms)), NULL, NULL, err);
}
