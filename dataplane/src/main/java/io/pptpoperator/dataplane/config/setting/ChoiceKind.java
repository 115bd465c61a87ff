package io.pptpoperator.dataplane.config.setting;

import io.pptpoperator.dataplane.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A value of a sealed type: exactly one of several keys stands there, each named after one of the types it permits.
 *
 * @param alternatives how the values of each key are spelled
 * @param types the key of each type
 */
record ChoiceKind(Setting setting, Map<String, Leaf> alternatives, Map<Class<?>, String> types) implements Kind {

    static ChoiceKind of(Setting setting, Class<?> type) {
        Map<String, Leaf> alternatives = new LinkedHashMap<>();
        Map<Class<?>, String> types = new LinkedHashMap<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            String name = permitted.getSimpleName();
            String key = Character.toLowerCase(name.charAt(0)) + name.substring(1);
            Leaf leaf = Leaf.of(permitted, new String[0]);
            if (leaf == null) {
                throw new IllegalStateException("it is not known how to read a " + permitted);
            }
            alternatives.put(key, leaf);
            types.put(permitted, key);
        }
        return new ChoiceKind(setting, alternatives, types);
    }

    @Override
    public List<String> keys() {
        return List.copyOf(alternatives.keySet());
    }

    @Override
    public boolean isSecret() {
        return alternatives.values().stream().anyMatch(Leaf::secret);
    }

    @Override
    public Object read(Keys in) {
        List<Object> read = new ArrayList<>(1);
        String present = null;
        for (Map.Entry<String, Leaf> alternative : alternatives.entrySet()) {
            String key = alternative.getKey();
            YamlNode node = in.find(key);
            if (node == null) {
                continue;
            }
            if (present != null) {
                in.complaints()
                        .add(in.place().key(key),
                                "stands beside " + present + "; exactly one of the two would be right");
            }
            present = key;
            in.value(node, in.place().key(key), alternative.getValue().parse()).ifPresent(read::add);
        }
        Map.Entry<String, Leaf> first = alternatives.entrySet().iterator().next();
        if (present == null) {
            in.complaints().add(in.place().key(first.getKey()), "is missing; " + setting.example() + " would be right");
        }
        return read.isEmpty() ? first.getValue().unread() : read.getFirst();
    }

    @Override
    public void check(Object value, Place around, Complaints complaints) {
        // What each type can be is said by the type itself.
    }

    @Override
    public void write(Object value, Map<String, Object> into) {
        String key = types.get(value.getClass());
        into.put(key, alternatives.get(key).format().apply(value));
    }

    @Override
    public String text(Object value) {
        return isSecret() ? "what it is" : value.toString();
    }

    @Override
    public void describe(Place around, boolean fixed, Consumer<SettingText> each) {
        keys().forEach(key -> each.accept(new SettingText(around.key(key).toString(), false, "", List.of(), "", "", "",
                "", !fixed, setting.value())));
    }
}
