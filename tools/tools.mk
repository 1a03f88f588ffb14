# SPDX-License-Identifier: MIT
# Rules for the tools of the workshop: training and judging the understanding of texts.

TRAIN_TEXTS := $(wildcard tests/texts/train-*.tsv)
ACCUSE_TEXTS := tests/texts/accuse-train.tsv
MODEL := conf/words/router.model

$(O)/tools/%: tools/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)

# Trains conf/words/router.model anew, from the labelled texts and the departments' phrases.
model: $(O)/tools/train
	@: > $(MODEL)
	$(O)/tools/train conf/kentongan.conf $(MODEL).new $(TRAIN_TEXTS) - $(ACCUSE_TEXTS)
	@mv $(MODEL).new $(MODEL)

# Accuracy on texts that training never saw; EVAL_TEXTS=… for others, EVAL=-v for each mistake.
# Each file is judged by itself.
EVAL_TEXTS ?= tests/texts/heldout.tsv tests/texts/blind.tsv tests/texts/accusations.tsv \
	tests/texts/border.tsv
eval: $(O)/tools/eval
	@for f in $(EVAL_TEXTS); do echo "== $$f"; \
	$(O)/tools/eval $(EVAL) conf/kentongan.conf $$f || exit 1; done

.PHONY: model eval

# kentongan.conf(5) is made from the key tables; `make man` takes over what man.new writes.
man.new: $(O)/tools/mkman
	@$(O)/tools/mkman > $(BUILD)/kentongan.conf.5
man: man.new
	cp $(BUILD)/kentongan.conf.5 man/kentongan.conf.5

.PHONY: man man.new
