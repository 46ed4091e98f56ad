package io.weft.cli.proxy;

import java.util.ArrayList;
import java.util.List;

/** A section among others: its rows have a name that begins with its kind. */
record Named(Section section) implements Section {

    @Override
    public String kind() {
        return section.kind();
    }

    /** Where the first column is a name already, that one is prefixed. */
    private boolean hasName(ProxyPicture picture) {
        return List.of("NAME", "RESOURCE NAME").contains(section.titles(picture).getFirst());
    }

    @Override
    public List<String> titles(ProxyPicture picture) {
        List<String> titles = new ArrayList<>(section.titles(picture));
        if (!hasName(picture)) {
            titles.addFirst("NAME");
        }
        return titles;
    }

    @Override
    public List<List<String>> rows(ProxyPicture picture) {
        List<List<String>> rows = new ArrayList<>();
        for (List<String> row : section.rows(picture)) {
            List<String> named = new ArrayList<>(row);
            String name = kind() + "/" + String.join("|", row.subList(0, hasName(picture) ? 1 : 2));
            if (hasName(picture)) {
                named.set(0, name);
            } else {
                named.addFirst(name);
            }
            rows.add(named);
        }
        return rows;
    }

    @Override
    public Object values(ProxyPicture picture) {
        return section.values(picture);
    }
}
