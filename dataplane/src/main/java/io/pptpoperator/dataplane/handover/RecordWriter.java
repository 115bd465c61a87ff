package io.pptpoperator.dataplane.handover;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Writes records so that a {@link RecordReader} of another release can read them: each with its name and the names of
 * its components, which are written out the first time that a class of records appears. Both ends see the same records
 * in the same order.
 */
public final class RecordWriter {
    private final Map<Class<?>, Integer> known = new HashMap<>();

    /** The bytes of one record. */
    public byte[] write(Record value) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            put(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return bytes.toByteArray();
    }

    private void put(Object value, DataOutputStream out) throws IOException {
        switch (value) {
            case null -> out.writeByte(RecordTag.NOTHING);
            case Boolean truth -> out.writeByte(truth ? RecordTag.TRUE : RecordTag.FALSE);
            case Integer number -> number(number, out);
            case Long number -> number(number, out);
            case String text -> text(text, out);
            case Enum<?> constant -> text(constant.name(), out);
            case byte[] bytes -> {
                out.writeByte(RecordTag.BYTES);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            case Optional<?> optional -> put(optional.orElse(null), out);
            case OptionalInt optional -> put(optional.isPresent() ? optional.getAsInt() : null, out);
            case OptionalLong optional -> put(optional.isPresent() ? optional.getAsLong() : null, out);
            case Collection<?> all -> {
                out.writeByte(RecordTag.LIST);
                out.writeInt(all.size());
                for (Object one : all) {
                    put(one, out);
                }
            }
            case Map<?, ?> map -> {
                out.writeByte(RecordTag.MAP);
                out.writeInt(map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    put(entry.getKey(), out);
                    put(entry.getValue(), out);
                }
            }
            case Instant instant -> seconds(instant.getEpochSecond(), instant.getNano(), out);
            case Duration duration -> seconds(duration.getSeconds(), duration.getNano(), out);
            case Record fields -> fields(fields, out);
            default -> throw new IllegalArgumentException(value.getClass() + " is nothing that a record is made of");
        }
    }

    private static void number(long number, DataOutputStream out) throws IOException {
        out.writeByte(RecordTag.NUMBER);
        out.writeLong(number);
    }

    private static void seconds(long seconds, int nanos, DataOutputStream out) throws IOException {
        out.writeByte(RecordTag.SECONDS);
        out.writeLong(seconds);
        out.writeInt(nanos);
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(RecordTag.TEXT);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private void fields(Record value, DataOutputStream out) throws IOException {
        Class<?> type = value.getClass();
        RecordShape shape = RecordShape.of(type);
        Integer number = known.get(type);
        if (number == null) {
            number = known.size();
            known.put(type, number);
            out.writeByte(RecordTag.NEW_RECORD);
            text(shape.name(), out);
            out.writeShort(shape.names().size());
            for (String name : shape.names()) {
                text(name, out);
            }
        } else {
            out.writeByte(RecordTag.RECORD);
            out.writeShort(number);
        }
        for (int i = 0; i < shape.names().size(); i++) {
            put(shape.value(value, i), out);
        }
    }
}
