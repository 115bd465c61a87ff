package io.pptpoperator.dataplane.config.setting;

import io.pptpoperator.dataplane.yaml.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** One value, which may be an optional one. */
final class ValueKind implements Kind {

    /** What the record holds. */
    private enum Holder {
        VALUE, OPTIONAL, OPTIONAL_INT;

        Object hold(Object value) {
            return switch (this) {
                case VALUE -> value;
                case OPTIONAL -> Optional.ofNullable(value);
                case OPTIONAL_INT -> value == null ? OptionalInt.empty() : OptionalInt.of((Integer) value);
            };
        }

        /** The value, or null. */
        Object release(Object held) {
            return switch (this) {
                case VALUE -> held;
                case OPTIONAL -> ((Optional<?>) held).orElse(null);
                case OPTIONAL_INT -> ((OptionalInt) held).isPresent() ? ((OptionalInt) held).getAsInt() : null;
            };
        }
    }

    private final String key;
    private final Setting setting;
    private final Leaf leaf;
    private final Bounds bounds;
    private final Holder holder;
    private final Object fallback;

    /**
     * Describes a setting.
     *
     * @param held the component's type
     * @param type the values' type, which is the same unless it is an optional one
     */
    ValueKind(String key, Setting setting, Class<?> held, Class<?> type, Leaf leaf) {
        this.key = key;
        this.setting = setting;
        this.leaf = leaf;
        this.bounds = Bounds.ofValue(setting, type, leaf);
        this.holder = held == Optional.class
                ? Holder.OPTIONAL
                : held == OptionalInt.class ? Holder.OPTIONAL_INT : Holder.VALUE;
        boolean required = !setting.example().isEmpty();
        if (required == (holder != Holder.VALUE || !setting.or().isEmpty())) {
            throw new IllegalStateException(key + " needs a default, or an example of what must be given");
        }
        this.fallback = holder.hold(required ? leaf.unread() : setting.or().isEmpty() ? null : parse(setting.or()));
    }

    @Override
    public List<String> keys() {
        return List.of(key);
    }

    @Override
    public boolean isSecret() {
        return leaf.secret();
    }

    @Override
    public Object read(Keys in) {
        YamlNode node = in.find(key);
        if (node != null) {
            return in.value(node, in.place().key(key), text -> holder.hold(parse(text))).orElse(fallback);
        }
        in.requires(key, setting);
        return fallback;
    }

    /** The value, null for the word that says that there is none. */
    private Object parse(String text) {
        if (text.equals(setting.none()) && holder != Holder.VALUE) {
            return null;
        }
        if (bounds.zero() != null && text.equals(setting.zero())) {
            return bounds.zero();
        }
        Object value;
        try {
            value = leaf.parse().apply(text);
        } catch (Leaf.NotOfThese e) {
            throw impossible(text);
        } catch (NumberFormatException e) {
            throw bounds.right().isEmpty() || text.matches("-?[0-9]+")
                    ? new IllegalArgumentException(
                            "'" + text + "' is not a whole number; one such as 64 would be right", e)
                    : impossible(text);
        }
        if (value.equals(bounds.zero()) && !setting.zero().equals(leaf.format().apply(value).toString())) {
            throw impossible(text);
        }
        return value;
    }

    private IllegalArgumentException impossible(String text) {
        return new IllegalArgumentException((leaf.secret() ? "this" : "'" + text + "'") + " is not possible here; "
                + bounds.right() + " would be right");
    }

    @Override
    public void check(Object held, Place around, Complaints complaints) {
        Object value = holder.release(held);
        if (value != null && !bounds.allow(value, leaf.format().apply(value))) {
            complaints.add(around.key(key), outOfBounds(value));
        }
    }

    private String outOfBounds(Object value) {
        if (bounds.pattern() != null || leaf.secret() || value instanceof String) {
            return impossible(leaf.format().apply(value).toString()).getMessage();
        }
        return leaf.format().apply(value) + " is out of bounds; " + bounds.right() + " would be right";
    }

    @Override
    public void write(Object held, Map<String, Object> into) {
        if (!held.equals(fallback) || !setting.example().isEmpty()) {
            into.put(key, spelled(held));
        }
    }

    private Object spelled(Object held) {
        Object value = holder.release(held);
        if (value == null) {
            return setting.none();
        }
        return value.equals(bounds.zero()) ? setting.zero() : leaf.format().apply(value);
    }

    @Override
    public String text(Object held) {
        return leaf.secret() ? "what it is" : spelled(held).toString();
    }

    @Override
    public void describe(Place around, boolean fixed, Consumer<SettingText> each) {
        List<String> words = leaf.words().isEmpty()
                ? List.of(setting.none(), setting.zero()).stream().filter(it -> !it.isEmpty()).toList()
                : leaf.words();
        String or = setting.or().isEmpty() ? setting.none() : setting.or();
        each.accept(new SettingText(around.key(key).toString(), false, or, words, setting.min(), setting.max(),
                setting.pattern(), bounds.right(), !fixed, setting.value()));
    }
}
