package io.pptpoperator.dataplane.adminapi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The administration port's JSON, both ways: records by their components' names, times in ISO 8601. Whoever reads it need
 * not trust whoever wrote it: texts, numbers, nesting and lists are bounded, and fields that are not known are passed over.
 */
public final class AdminJson {

    /** Sessions, or users with logins: as many as a data plane can have calls. */
    private static final int MAX_ENTRIES = 65_535;
    private static final int MAX_TEXT = 1024;
    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxStringLength(MAX_TEXT)
            .maxNameLength(MAX_TEXT)
            .maxNestingDepth(8)
            .maxNumberLength(32)
            .build();
    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder().streamReadConstraints(BOUNDS).build())
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(Ipv4Address.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new FromText<>(Instant.class, Instant::parse))
                    .addDeserializer(Ipv4Address.class, new FromText<>(Ipv4Address.class, Ipv4Address::parse)))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private AdminJson() {}

    private static final class FromText<T> extends FromStringDeserializer<T> {
        private final transient Function<String, T> parse;

        FromText(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        protected T _deserialize(String text, DeserializationContext context) {
            return parse.apply(text);
        }
    }

    /** Writes records, collections, maps, texts and numbers. */
    public static byte[] write(Object value) {
        try {
            // By way of a text, since Jackson's bytes refuse half a surrogate pair, which a client's name may contain.
            return MAPPER.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /**
     * Reads the answer to {@code GET /sessions}.
     *
     * @throws IOException when it is something else; says what is wrong with it
     */
    public static List<SessionView> readSessions(byte[] json) throws IOException {
        return read(json, SessionView.class, SessionView::check);
    }

    /**
     * Reads the answer to {@code GET /logins}.
     *
     * @throws IOException when it is something else; says what is wrong with it
     */
    public static List<LoginView> readLogins(byte[] json) throws IOException {
        return read(json, LoginView.class, LoginView::check);
    }

    /**
     * Reads the answer to {@code GET /radius}.
     *
     * @throws IOException when it is something else; says what is wrong with it
     */
    public static RadiusView readRadius(byte[] json) throws IOException {
        try {
            RadiusView view = MAPPER.readValue(json, RadiusView.class);
            if (view == null) {
                throw new IOException("it is null");
            }
            view.check();
            return view;
        } catch (JsonProcessingException e) {
            throw new IOException(e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static <T> List<T> read(byte[] json, Class<T> entry, Consumer<T> check) throws IOException {
        try {
            return entries(json, entry, check);
        } catch (JsonProcessingException e) {
            throw new IOException(e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static <T> List<T> entries(byte[] json, Class<T> entry, Consumer<T> check) throws IOException {
        var entries = new ArrayList<T>();
        try (JsonParser parser = MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("it is no list");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (entries.size() == MAX_ENTRIES) {
                    throw new IOException("it has more than " + MAX_ENTRIES + " entries");
                }
                T next = MAPPER.readValue(parser, entry);
                check.accept(next);
                entries.add(next);
            }
        }
        return entries;
    }
}
