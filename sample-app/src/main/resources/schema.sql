-- A message is known by its place in the stream: storing it again changes nothing.
create table reading (
  partition_id integer not null,
  message_offset bigint not null,
  at timestamp with time zone not null,
  metric varchar not null,
  amount double precision not null,
  primary key (partition_id, message_offset)
);
create index reading_at on reading (at);
