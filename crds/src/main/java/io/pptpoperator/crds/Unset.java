package io.pptpoperator.crds;

import java.util.List;
import java.util.Map;

/** What a collection that a resource does not mention is read as. */
final class Unset {

    private Unset() {}

    static <T> List<T> asEmpty(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    static <V> Map<String, V> asEmpty(Map<String, V> map) {
        return map == null ? Map.of() : Map.copyOf(map);
    }
}
