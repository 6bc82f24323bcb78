-- What is stored names a delivery without its time: it is not known until the next record is taken in.
update positions set last_delivery = null where last_delivery is not null;
comment on column positions.last_delivery is
  'the delivery of the record before next_offset, and the log''s time of it: a position that no longer fits its log is recognised by both';
