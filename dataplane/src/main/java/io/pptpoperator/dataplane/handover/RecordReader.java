package io.pptpoperator.dataplane.handover;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a {@link RecordWriter}, perhaps of another release, has written, in the same order. */
public final class RecordReader {
    /** Deeper than any record is; who nests deeper wants the stack. */
    private static final int DEEPEST = 64;

    /** A record as it was written: its class's simple name, and its components by name. */
    record Fields(String name, Map<String, Object> values) {}

    /** Seconds and nanoseconds of a point in time or a duration. */
    record Seconds(long seconds, int nanos) {}

    private record Shape(String name, List<String> components) {}

    private final List<Shape> known = new ArrayList<>();

    /**
     * Reads one record.
     *
     * @param type a record, or a sealed interface of records
     * @throws HandOverException when the bytes are no such record, or say more than this release understands
     */
    public <T> T read(byte[] bytes, Class<T> type) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            Object value = next(in, 0);
            if (in.hasRemaining()) {
                throw new HandOverException(in.remaining() + " bytes follow a record");
            }
            return type.cast(RecordBinding.bind(value, type, type.getSimpleName()));
        } catch (BufferUnderflowException e) {
            throw new HandOverException("a record is cut off", e);
        } catch (DateTimeException | ArithmeticException e) {
            throw new HandOverException("a record has a time that cannot be", e);
        }
    }

    private Object next(ByteBuffer in, int depth) {
        if (depth > DEEPEST) {
            throw new HandOverException("records are nested more than " + DEEPEST + " deep");
        }
        int tag = in.get();
        return switch (tag) {
            case RecordTag.NOTHING -> null;
            case RecordTag.FALSE -> false;
            case RecordTag.TRUE -> true;
            case RecordTag.NUMBER -> in.getLong();
            case RecordTag.TEXT -> new String(bytes(in), StandardCharsets.UTF_8);
            case RecordTag.BYTES -> bytes(in);
            case RecordTag.LIST -> list(in, depth);
            case RecordTag.MAP -> map(in, depth);
            case RecordTag.SECONDS -> new Seconds(in.getLong(), in.getInt());
            case RecordTag.NEW_RECORD -> {
                Shape shape = shape(in, depth);
                known.add(shape);
                yield fields(shape, in, depth);
            }
            case RecordTag.RECORD -> {
                int number = in.getShort();
                if (number < 0 || number >= known.size()) {
                    throw new HandOverException("a record is of class " + number + ", which was not described");
                }
                yield fields(known.get(number), in, depth);
            }
            default -> throw new HandOverException("a value has the unknown tag " + tag);
        };
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[length(in)];
        in.get(bytes);
        return bytes;
    }

    /** A count of things that take a byte at least each: never more than there are bytes. */
    private static int length(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new HandOverException("a length of " + length + " is beyond the record's end");
        }
        return length;
    }

    private List<Object> list(ByteBuffer in, int depth) {
        int size = length(in);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(next(in, depth + 1));
        }
        return values;
    }

    private Map<Object, Object> map(ByteBuffer in, int depth) {
        int size = length(in);
        Map<Object, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            Object key = next(in, depth + 1);
            values.put(key, next(in, depth + 1));
        }
        return values;
    }

    private Shape shape(ByteBuffer in, int depth) {
        String name = name(in, depth);
        int count = in.getShort();
        List<String> components = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            components.add(name(in, depth));
        }
        return new Shape(name, components);
    }

    private String name(ByteBuffer in, int depth) {
        if (next(in, depth + 1) instanceof String text) {
            return text;
        }
        throw new HandOverException("a name is no text");
    }

    private Fields fields(Shape shape, ByteBuffer in, int depth) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String component : shape.components()) {
            values.put(component, next(in, depth + 1));
        }
        return new Fields(shape.name(), values);
    }
}
