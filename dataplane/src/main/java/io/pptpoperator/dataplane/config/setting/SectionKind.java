package io.pptpoperator.dataplane.config.setting;

import io.pptpoperator.dataplane.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A record.
 *
 * @param key its key; null when its settings stand among those around it
 * @param optional whether the record around it holds an optional one
 */
record SectionKind<R extends Record>(String key, Section<R> section, boolean optional) implements Kind {

    @Override
    public List<String> keys() {
        return key == null ? section.keys() : List.of(key);
    }

    @Override
    public boolean isSecret() {
        return key == null && section.isSecret();
    }

    @Override
    public boolean holdsSecrets() {
        return section.holdsSecrets();
    }

    @Override
    public Object read(Keys in) {
        if (key == null) {
            return section.members(in);
        }
        if (optional) {
            return in.find(key) == null ? Optional.empty() : Optional.of(section.read(in.section(key)));
        }
        return section.read(in.section(key));
    }

    @Override
    public void check(Object value, Place around, Complaints complaints) {
        R record = record(value);
        if (record != null) {
            section.check(record, place(around), complaints);
        }
    }

    private Place place(Place around) {
        return key == null ? around : around.key(key);
    }

    @SuppressWarnings("unchecked")
    private R record(Object value) {
        return optional ? ((Optional<R>) value).orElse(null) : (R) value;
    }

    @Override
    public void write(Object value, Map<String, Object> into) {
        R record = record(value);
        if (key == null) {
            section.write(record, into);
        } else if (record != null) {
            Map<String, Object> inner = new LinkedHashMap<>();
            section.write(record, inner);
            if (!inner.isEmpty()) {
                into.put(key, inner);
            }
        }
    }

    @Override
    public Object change(Object running, Object wanted, boolean fixed, Place around, Complaints complaints) {
        return optional
                ? Kind.super.change(running, wanted, fixed, around, complaints)
                : section.change(record(running), record(wanted), fixed, place(around), complaints);
    }

    @Override
    public String text(Object value) {
        if (section.holdsSecrets()) {
            return "what it is";
        }
        Map<String, Object> inner = new LinkedHashMap<>();
        R record = record(value);
        if (record == null) {
            return "null";
        }
        section.write(record, inner);
        return YamlWriter.inline(inner);
    }

    @Override
    public void describe(Place around, boolean fixed, Consumer<SettingText> each) {
        section.describe(place(around), fixed, each);
    }
}
