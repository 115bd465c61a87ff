package io.pptpoperator.dataplane.config.setting;

import io.pptpoperator.dataplane.yaml.YamlNode;
import io.pptpoperator.dataplane.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A list of values. */
final class ListKind implements Kind {

    private final String key;
    private final Setting setting;
    private final Leaf leaf;
    private final Bounds items;
    private final Bounds count;
    private final List<Object> fallback;

    ListKind(String key, Setting setting, Leaf leaf) {
        this.key = key;
        this.setting = setting;
        this.leaf = leaf;
        this.items = Bounds.ofItems(setting, leaf);
        this.count = Bounds.ofCount(setting);
        this.fallback = Arrays.stream(setting.or().split("[\\[\\], ]+"))
                .filter(it -> !it.isEmpty())
                .map(this::parse)
                .toList();
    }

    @Override
    public List<String> keys() {
        return List.of(key);
    }

    @Override
    public boolean isSecret() {
        return leaf.secret();
    }

    /** One value alone is a list of one, and a list with an unreadable item is replaced as a whole. */
    @Override
    public Object read(Keys in) {
        YamlNode node = in.find(key);
        Place place = in.place().key(key);
        if (node == null) {
            in.requires(key, setting);
            return fallback;
        }
        if (!(node instanceof YamlNode.Sequence sequence)) {
            return in.value(node, place, this::parse).<Object>map(List::of).orElse(fallback);
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            in.value(sequence.items().get(i), place.item(i), this::parse).ifPresent(values::add);
        }
        return values.size() == sequence.items().size() ? values : fallback;
    }

    private Object parse(String text) {
        try {
            return leaf.parse().apply(text);
        } catch (Leaf.NotOfThese e) {
            throw impossible(text);
        } catch (NumberFormatException e) {
            throw items.right().isEmpty()
                    ? new IllegalArgumentException(
                            "'" + text + "' is not a whole number; one such as 64 would be right", e)
                    : impossible(text);
        }
    }

    private IllegalArgumentException impossible(String text) {
        return new IllegalArgumentException((leaf.secret() ? "this" : "'" + text + "'") + " is not possible here; "
                + items.right() + " would be right");
    }

    @Override
    public void check(Object value, Place around, Complaints complaints) {
        List<?> values = (List<?>) value;
        Bounds.tooFewOrMany(count, values).ifPresent(it -> complaints.add(around.key(key), it));
        for (int i = 0; i < values.size(); i++) {
            Object spelled = leaf.format().apply(values.get(i));
            if (!items.allow(values.get(i), spelled)) {
                complaints.add(around.key(key).item(i), impossible(spelled.toString()).getMessage());
            }
        }
    }

    @Override
    public void write(Object value, Map<String, Object> into) {
        if (!value.equals(fallback) || !setting.example().isEmpty()) {
            into.put(key, spelled(value));
        }
    }

    private List<Object> spelled(Object value) {
        return ((List<?>) value).stream().map(it -> leaf.format().apply(it)).toList();
    }

    @Override
    public String text(Object value) {
        return leaf.secret() ? "what it is" : YamlWriter.inline(spelled(value));
    }

    @Override
    public void describe(Place around, boolean fixed, Consumer<SettingText> each) {
        String or = Optional.of(setting.or()).filter(it -> !it.isEmpty()).orElse("[]");
        each.accept(new SettingText(around.key(key).toString(), true, setting.example().isEmpty() ? or : "",
                leaf.words(), setting.min(), setting.max(), setting.pattern(), items.right(), !fixed, setting.value()));
    }
}
