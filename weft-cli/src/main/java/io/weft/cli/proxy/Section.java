package io.weft.cli.proxy;

import io.weft.cli.shell.TextTable;
import io.weft.model.wire.MeshCodec;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A part of a proxy's configuration: a table for people, values for programs. */
interface Section {

    /** The word before its names where several sections stand below each other. */
    String kind();

    List<String> titles(ProxyPicture picture);

    List<List<String>> rows(ProxyPicture picture);

    /** The same in full. */
    Object values(ProxyPicture picture);

    /** All lines. */
    default List<String> lines(ProxyPicture picture) {
        TextTable table = new TextTable(titles(picture).toArray(String[]::new));
        rows(picture).forEach(row -> table.row(row.toArray()));
        return table.lines();
    }

    /** The model's own JSON. */
    static JsonNode tree(Object model) {
        return JsonMapper.shared().readTree(new MeshCodec().write(model));
    }
}
