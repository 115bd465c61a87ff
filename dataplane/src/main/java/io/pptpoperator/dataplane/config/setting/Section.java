package io.pptpoperator.dataplane.config.setting;

import io.pptpoperator.dataplane.yaml.YamlNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.function.Consumer;

/**
 * One record of settings, as its components describe it. The walk over them is made once; everything that is done with
 * settings goes by it.
 *
 * @param <R> the record
 */
public final class Section<R extends Record> {

    private record Member(String name, Method accessor, boolean fixed, Kind kind) {}

    private static final ClassValue<Section<?>> ALL = new ClassValue<>() {
        @Override
        protected Section<?> computeValue(Class<?> type) {
            return new Section<>(type.asSubclass(Record.class));
        }
    };

    private final Constructor<R> constructor;
    private final List<Member> members = new ArrayList<>();
    private final SequencedSet<String> keys = new LinkedHashSet<>();
    /** Whether a secret may stand right behind one of the keys. */
    private final boolean secret;

    private Section(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        for (RecordComponent component : components) {
            Kind kind = kind(component);
            members.add(new Member(component.getName(), component.getAccessor(),
                    component.isAnnotationPresent(AtStart.class), kind));
            keys.addAll(kind.keys());
        }
        secret = members.stream().anyMatch(it -> it.kind.isSecret());
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            members.forEach(it -> it.accessor.setAccessible(true));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has a constructor of its components", e);
        }
    }

    /**
     * The settings of a record.
     *
     * @throws IllegalStateException when a component does not say what is needed, which is a mistake in the program
     */
    @SuppressWarnings("unchecked") // each class has its own
    public static <R extends Record> Section<R> of(Class<R> type) {
        return (Section<R>) ALL.get(type);
    }

    private static Kind kind(RecordComponent component) {
        Class<?> type = component.getType();
        Setting setting = component.getAnnotation(Setting.class);
        String key = setting == null || setting.key().isEmpty() ? component.getName() : setting.key();
        boolean optional = type == Optional.class;
        boolean list = type == List.class;
        Class<?> inner = type == OptionalInt.class ? Integer.class : optional || list ? argument(component) : type;
        if (setting != null) {
            Leaf leaf = Leaf.of(inner, setting.words());
            if (leaf != null) {
                return list ? new ListKind(key, setting, leaf) : new ValueKind(key, setting, type, inner, leaf);
            }
        }
        if (inner.isRecord()) {
            Section<?> section = of(inner.asSubclass(Record.class));
            return list
                    ? new SectionsKind<>(key, setting, section)
                    : new SectionKind<>(component.isAnnotationPresent(Inline.class) ? null : key, section, optional);
        }
        if (inner.isSealed() && setting != null) {
            return ChoiceKind.of(setting, inner);
        }
        throw new IllegalStateException(component + " does not say which setting it is, or is of no type of settings");
    }

    private static Class<?> argument(RecordComponent component) {
        return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    }

    List<String> keys() {
        return List.copyOf(keys);
    }

    /** Whether a secret may stand right behind one of the keys. */
    boolean isSecret() {
        return secret;
    }

    /** Whether there may be a secret anywhere in it. */
    boolean holdsSecrets() {
        return members.stream().anyMatch(it -> it.kind.holdsSecrets());
    }

    /**
     * Reads a whole file.
     *
     * @param complaints told of everything that cannot be read, and of keys that no setting has; the default, or
     *     something possible, stands in its place
     */
    public R read(YamlNode file, Complaints complaints) {
        return read(Keys.of(file, Place.FILE, complaints));
    }

    /** Reads settings that stand among other things, such as those of a resource; keys of no setting are passed over. */
    public R readAmongOthers(YamlNode tree, Complaints complaints) {
        return members(Keys.of(tree, Place.FILE, complaints));
    }

    R read(Keys in) {
        R record = members(in);
        if (!keys.containsAll(in.entries().keySet())) {
            if (secret) {
                in.refuseOthersUnnamed(keys);
            } else {
                in.refuseOthers(keys);
            }
        }
        return record;
    }

    R members(Keys in) {
        Object[] values = new Object[members.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = members.get(i).kind.read(in);
        }
        return create(values);
    }

    /** What everything is when nothing is said; a placeholder where something must be. */
    public R defaults() {
        return members(new Keys(Map.of(), Place.FILE, (place, message) -> {}));
    }

    /** Complains about each setting that is out of its bounds. */
    public void check(R record, Place place, Complaints complaints) {
        for (Member member : members) {
            member.kind.check(get(member, record), place, complaints);
        }
    }

    /** What stands in a file: every setting that is not at its default. */
    public Map<String, Object> write(R record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        write(record, tree);
        return tree;
    }

    void write(R record, Map<String, Object> into) {
        for (Member member : members) {
            member.kind.write(get(member, record), into);
        }
    }

    /**
     * What a running server goes on with: the wanted settings, but for those that only a restart changes.
     *
     * @param complaints told of each of these that should change
     */
    public R change(R running, R wanted, Complaints complaints) {
        return change(running, wanted, false, Place.FILE, complaints);
    }

    R change(R running, R wanted, boolean fixed, Place place, Complaints complaints) {
        Object[] values = new Object[members.size()];
        for (int i = 0; i < values.length; i++) {
            Member member = members.get(i);
            values[i] = member.kind.change(get(member, running), get(member, wanted), fixed || member.fixed, place,
                    complaints);
        }
        return create(values);
    }

    /** A copy of a record with one component replaced. */
    public R with(R record, String component, Object value) {
        Object[] values = new Object[members.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = members.get(i).name.equals(component) ? value : get(members.get(i), record);
        }
        return create(values);
    }

    /** Tells about each setting, in the order of the file. */
    public void describe(Consumer<SettingText> each) {
        describe(Place.FILE, false, each);
    }

    void describe(Place place, boolean fixed, Consumer<SettingText> each) {
        members.forEach(it -> it.kind.describe(place, fixed || it.fixed, each));
    }

    private R create(Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw unexpected(e);
        }
    }

    private Object get(Member member, R record) {
        try {
            return member.accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw unexpected(e);
        }
    }

    private static RuntimeException unexpected(ReflectiveOperationException e) {
        return e instanceof InvocationTargetException thrown && thrown.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("records of settings are public, and their components of plain types", e);
    }
}
