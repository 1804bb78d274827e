CREATE TABLE t (
  a smallint, b int2, c bigint, d int8, e real, f float4, g float8, h double precision, i float(10), j float(30),
  k numeric, l numeric(10), m decimal(10,2), n varchar, o varchar(255), p char, q char(5), r text, s bytea,
  t timestamp, u timestamptz, v timestamp(3), w timestamptz(3), x time, y timetz, z date,
  aa interval, ab interval day to second(3), ac interval year, ad bool, ae boolean, af uuid, ag json, ah jsonb,
  ai inet, aj cidr, ak macaddr, al bit, am bit(3), an varbit, ao varbit(9), ap int[], aq text[][], ar int[3],
  at int ARRAY, au xml, av point, aw tsvector, ax oid, ay name, az "char", ba int4range, bb numeric(5,2)[],
  bc regclass, bd money, be character varying(10)[], bf national character(4)
);
