package io.pptpoperator.dataplane.handover;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;

/** What a class of records is made of, looked up once. */
final class RecordShape {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };

    private final Class<?> type;
    private final List<String> names;
    private final Type[] types;
    private final Method[] accessors;
    private final Constructor<?> constructor;

    private RecordShape(Class<?> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        names = Arrays.stream(components).map(RecordComponent::getName).toList();
        types = Arrays.stream(components).map(RecordComponent::getGenericType).toArray(Type[]::new);
        accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " is no record", e);
        }
    }

    static RecordShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    /** The class's name as it is written. */
    String name() {
        return type.getSimpleName();
    }

    /** The names of the components. */
    List<String> names() {
        return names;
    }

    /** The type of a component. */
    Type type(int component) {
        return types[component];
    }

    /** The value of a component. */
    Object value(Record of, int component) {
        try {
            return accessors[component].invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + "." + names.get(component) + " cannot be read", e);
        }
    }

    /**
     * A record of these values.
     *
     * @throws HandOverException when the record does not take them
     */
    Object make(Object[] values, String where) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new HandOverException(where + " is impossible: " + e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " cannot be made", e);
        }
    }
}
