package io.pptpoperator.dataplane.handover;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes records of this release from those that perhaps another release has written. A component that was not written has
 * its empty value; one that is not known here may have been written with its empty value only, since nobody can tell what
 * it would mean to go on without it. Empty is what a record says that makes no use of a component: nothing, no, 0, "".
 */
final class RecordBinding {

    private RecordBinding() {}

    static Object bind(Object value, Type type, String where) {
        return switch (type) {
            case ParameterizedType generic -> bindGeneric(value, generic, where);
            case Class<?> plain -> bindPlain(value, plain, where);
            default -> throw new IllegalArgumentException(where + " is of a type that no record has: " + type);
        };
    }

    private static Object bindGeneric(Object value, ParameterizedType type, String where) {
        Type[] of = type.getActualTypeArguments();
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == Optional.class) {
            return value == null ? Optional.empty() : Optional.of(bind(value, of[0], where));
        } else if (raw == List.class || raw == Collection.class) {
            return elements(value, of[0], where);
        } else if (raw == Set.class) {
            return new LinkedHashSet<>(elements(value, of[0], where));
        } else if (raw == Map.class) {
            Map<Object, Object> bound = new LinkedHashMap<>();
            if (value != null) {
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) as(Map.class, value, where)).entrySet()) {
                    bound.put(bind(entry.getKey(), of[0], where), bind(entry.getValue(), of[1], where));
                }
            }
            return bound;
        }
        throw new IllegalArgumentException(where + " is of a type that no record has: " + type);
    }

    private static List<Object> elements(Object value, Type type, String where) {
        List<Object> bound = new ArrayList<>();
        if (value != null) {
            for (Object one : as(List.class, value, where)) {
                bound.add(bind(one, type, where));
            }
        }
        return bound;
    }

    private static Object bindPlain(Object value, Class<?> type, String where) {
        if (type == boolean.class) {
            return value != null && as(Boolean.class, value, where);
        } else if (type == int.class) {
            return value == null ? 0 : integer(value, where);
        } else if (type == long.class) {
            return value == null ? 0L : as(Long.class, value, where);
        } else if (type == Integer.class) {
            return integer(value, where);
        } else if (type == Long.class || type == Boolean.class) {
            return as(type, value, where);
        } else if (type == String.class) {
            return value == null ? "" : as(String.class, value, where);
        } else if (type == byte[].class) {
            return value == null ? null : as(byte[].class, value, where);
        } else if (type == OptionalInt.class) {
            return value == null ? OptionalInt.empty() : OptionalInt.of(integer(value, where));
        } else if (type == OptionalLong.class) {
            return value == null ? OptionalLong.empty() : OptionalLong.of(as(Long.class, value, where));
        } else if (type == Instant.class) {
            var at = as(RecordReader.Seconds.class, value, where);
            return Instant.ofEpochSecond(at.seconds(), at.nanos());
        } else if (type == Duration.class) {
            var lasting = as(RecordReader.Seconds.class, value, where);
            return Duration.ofSeconds(lasting.seconds(), lasting.nanos());
        } else if (type.isEnum()) {
            return constant(as(String.class, value, where), type, where);
        } else if (type.isRecord()) {
            return record(as(RecordReader.Fields.class, value, where), type, where);
        } else if (type.isSealed()) {
            var fields = as(RecordReader.Fields.class, value, where);
            Class<?> kind = Arrays.stream(type.getPermittedSubclasses())
                    .filter(it -> it.getSimpleName().equals(fields.name()))
                    .findFirst()
                    .orElseThrow(() -> new HandOverException(
                            where + " is a " + fields.name() + ", which this release does not know"));
            return record(fields, kind, where);
        }
        throw new IllegalArgumentException(where + " is of a type that no record has: " + type);
    }

    private static int integer(Object value, String where) {
        long number = as(Long.class, value, where);
        if (number != (int) number) {
            throw new HandOverException(where + " is " + number + ", which is too much");
        }
        return (int) number;
    }

    private static Object constant(String name, Class<?> type, String where) {
        return Arrays.stream(type.getEnumConstants())
                .filter(it -> ((Enum<?>) it).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new HandOverException(where + " is " + name + ", which this release does not know"));
    }

    private static Object record(RecordReader.Fields fields, Class<?> type, String where) {
        RecordShape shape = RecordShape.of(type);
        List<String> names = shape.names();
        Object[] arguments = new Object[names.size()];
        int found = 0;
        for (int i = 0; i < arguments.length; i++) {
            String name = names.get(i);
            Object value = fields.values().get(name);
            found += fields.values().containsKey(name) ? 1 : 0;
            arguments[i] = bind(value, shape.type(i), name);
        }
        if (found < fields.values().size()) {
            checkIsEmpty(fields, names, where);
        }
        return shape.make(arguments, where);
    }

    private static void checkIsEmpty(RecordReader.Fields fields, List<String> known, String where) {
        fields.values().forEach((name, value) -> {
            if (!known.contains(name) && !isEmpty(value)) {
                throw new HandOverException(name + " of " + where + " is nothing that this release knows");
            }
        });
    }

    private static boolean isEmpty(Object value) {
        return switch (value) {
            case null -> true;
            case Boolean truth -> !truth;
            case Long number -> number == 0;
            case String text -> text.isEmpty();
            case byte[] bytes -> bytes.length == 0;
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case RecordReader.Seconds time -> time.seconds() == 0 && time.nanos() == 0;
            case RecordReader.Fields record -> record.values().values().stream().allMatch(RecordBinding::isEmpty);
            default -> false;
        };
    }

    private static <T> T as(Class<T> type, Object value, String where) {
        if (!type.isInstance(value)) {
            throw new HandOverException(value == null
                    ? where + " is missing, which this release cannot do without"
                    : where + " is no " + type.getSimpleName());
        }
        return type.cast(value);
    }
}
