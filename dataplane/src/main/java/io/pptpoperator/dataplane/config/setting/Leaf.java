package io.pptpoperator.dataplane.config.setting;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.Credentials;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the values of one type are spelled.
 *
 * @param parse throws IllegalArgumentException with a message that says what is wrong and what would be right
 * @param format the text, number or boolean that stands in a file
 * @param words the texts that are possible; empty when they cannot be counted
 * @param unread what stands in for a value that must be given and could not be read
 * @param secret whether the values are secrets: nothing may quote them
 */
record Leaf(Function<String, Object> parse, Function<Object, Object> format, List<String> words, Object unread,
        boolean secret) {

    private static final Credentials PLACEHOLDER = new Credentials.Password("?");

    private static final Map<Class<?>, Leaf> KNOWN = Map.ofEntries(Map.entry(String.class, leaf(text -> text, "?")),
            Map.entry(Integer.class, numbers()), Map.entry(Boolean.class, truths()),
            Map.entry(Duration.class,
                    leaf(DurationText::parse, Duration.ZERO, it -> DurationText.format((Duration) it))),
            Map.entry(Instant.class, leaf(Leaf::instant, Instant.EPOCH)),
            Map.entry(ZoneId.class, leaf(Leaf::zone, ZoneOffset.UTC)),
            Map.entry(Path.class, leaf(Path::of, Path.of(""))),
            Map.entry(Ipv4Address.class, leaf(Ipv4Address::parse, Ipv4Address.ANY)),
            Map.entry(Credentials.Password.class,
                    secret(Credentials.Password::new, it -> ((Credentials.Password) it).value(), PLACEHOLDER)),
            Map.entry(Credentials.NtHash.class,
                    secret(Leaf::ntHash, it -> HexFormat.of().formatHex(((Credentials.NtHash) it).value()),
                            PLACEHOLDER)),
            Map.entry(SecretText.class, secret(SecretText::new, it -> ((SecretText) it).value(), new SecretText("?"))));

    /**
     * How a type's values are spelled.
     *
     * @param words those of an enum's constants; empty when their names say it
     * @return null for a type of which there is no single value
     */
    static Leaf of(Class<?> type, String[] words) {
        if (type.isEnum()) {
            return choice(type, words);
        }
        Leaf known = KNOWN.get(MethodType.methodType(type).wrap().returnType());
        return known != null ? known : parsed(type);
    }

    private static Leaf leaf(Function<String, Object> parse, Object unread) {
        return leaf(parse, unread, Object::toString);
    }

    private static Leaf leaf(Function<String, Object> parse, Object unread, Function<Object, Object> format) {
        return new Leaf(parse, format, List.of(), unread, false);
    }

    private static Leaf secret(Function<String, Object> parse, Function<Object, Object> format, Object unread) {
        return new Leaf(parse, format, List.of(), unread, true);
    }

    private static Leaf numbers() {
        return leaf(Integer::valueOf, 0, number -> number);
    }

    private static Leaf truths() {
        return new Leaf(text -> chosen(text, Map.of("true", true, "false", false)), truth -> truth,
                List.of("true", "false"), false, false);
    }

    /** A type that reads its own text form. */
    private static Leaf parsed(Class<?> type) {
        try {
            MethodHandle parse = MethodHandles.publicLookup()
                    .findStatic(type, "parse", MethodType.methodType(type, String.class));
            return leaf(text -> call(parse, text), null);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    private static Object call(MethodHandle parse, String text) {
        try {
            return parse.invoke(text);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a setting's parser threw what it does not declare", e);
        }
    }

    private static Leaf choice(Class<?> type, String[] words) {
        Object[] constants = type.getEnumConstants();
        if (words.length != 0 && words.length != constants.length) {
            throw new IllegalStateException(type + " has other constants than " + Arrays.toString(words));
        }
        List<String> spelled = words.length > 0
                ? List.of(words)
                : Arrays.stream(constants).map(it -> capitalised(((Enum<?>) it).name())).toList();
        Map<String, Object> byWord = IntStream.range(0, constants.length)
                .boxed()
                .collect(Collectors.toMap(spelled::get, it -> constants[it], (one, other) -> one, LinkedHashMap::new));
        return new Leaf(text -> chosen(text, byWord), value -> spelled.get(((Enum<?>) value).ordinal()), spelled,
                constants[0], false);
    }

    /** {@code NameOfOne} for {@code NAME_OF_ONE}. */
    private static String capitalised(String name) {
        StringBuilder word = new StringBuilder();
        boolean start = true;
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (letter == '_') {
                start = true;
            } else {
                word.append(start ? letter : Character.toLowerCase(letter));
                start = false;
            }
        }
        return word.toString();
    }

    private static Object chosen(String text, Map<String, Object> choices) {
        Object value = choices.get(text);
        if (value == null) {
            throw new NotOfThese();
        }
        return value;
    }

    private static Object instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a point in time; one such as 2027-01-01T00:00:00Z would be right", e);
        }
    }

    private static Object zone(String text) {
        if (!ZoneId.getAvailableZoneIds().contains(text)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time zone; one such as Europe/Berlin or UTC would be right");
        }
        return ZoneId.of(text);
    }

    private static Object ntHash(String text) {
        if (!text.matches("[0-9a-fA-F]{32}")) {
            throw new IllegalArgumentException("this is not an NT hash; 32 hexadecimal digits would be right");
        }
        return new Credentials.NtHash(HexFormat.of().parseHex(text));
    }

    /** A text is none of a leaf's {@link #words}. */
    static final class NotOfThese extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
    }
}
