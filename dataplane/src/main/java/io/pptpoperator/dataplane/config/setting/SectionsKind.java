package io.pptpoperator.dataplane.config.setting;

import io.pptpoperator.dataplane.yaml.YamlNode;
import io.pptpoperator.dataplane.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A list of records. */
final class SectionsKind<R extends Record> implements Kind {

    private final String key;
    private final Setting setting;
    private final Section<R> section;
    private final Bounds count;

    SectionsKind(String key, Setting setting, Section<R> section) {
        this.key = key;
        this.setting = setting;
        this.section = section;
        this.count = Bounds.ofCount(setting);
    }

    @Override
    public List<String> keys() {
        return List.of(key);
    }

    @Override
    public boolean isSecret() {
        return section.isSecret();
    }

    @Override
    public boolean holdsSecrets() {
        return section.holdsSecrets();
    }

    @Override
    public Object read(Keys in) {
        YamlNode node = in.find(key);
        Place place = in.place().key(key);
        if (node == null) {
            in.requires(key, setting);
        } else if (!(node instanceof YamlNode.Sequence)) {
            in.complaints().add(place, "a list, each item after a dash, would be right here");
        }
        List<Object> records = new ArrayList<>();
        if (node instanceof YamlNode.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                records.add(section.read(Keys.of(sequence.items().get(i), place.item(i), in.complaints())));
            }
        }
        return records;
    }

    @Override
    public void check(Object value, Place around, Complaints complaints) {
        List<R> records = records(value);
        Bounds.tooFewOrMany(count, records).ifPresent(it -> complaints.add(around.key(key), it));
        for (int i = 0; i < records.size(); i++) {
            section.check(records.get(i), around.key(key).item(i), complaints);
        }
    }

    @SuppressWarnings("unchecked")
    private List<R> records(Object value) {
        return (List<R>) value;
    }

    @Override
    public void write(Object value, Map<String, Object> into) {
        if (!records(value).isEmpty() || !setting.example().isEmpty()) {
            into.put(key, spelled(value));
        }
    }

    private List<Map<String, Object>> spelled(Object value) {
        return records(value).stream().map(it -> {
            Map<String, Object> inner = new LinkedHashMap<>();
            section.write(it, inner);
            return inner;
        }).toList();
    }

    @Override
    public String text(Object value) {
        return section.holdsSecrets() ? "what it is" : YamlWriter.inline(spelled(value));
    }

    @Override
    public void describe(Place around, boolean fixed, Consumer<SettingText> each) {
        String path = around.key(key).toString();
        each.accept(new SettingText(path, true, setting.example().isEmpty() ? "[]" : "", List.of(), setting.min(),
                setting.max(), "", "", !fixed, setting.value()));
        section.describe(around.key(key + "[]"), fixed, each);
    }
}
