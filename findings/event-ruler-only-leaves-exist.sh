#!/usr/bin/env bash
# software.amazon.event.ruler:event-ruler 2.1.0, the matcher behind EventBridge: in a pattern only leaves exist. For a key
# that holds an object, `exists: true` does not match and `exists: false` does; for an empty list alike. To ask which
# kind of action an event describes, name a leaf below it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat > pom.xml <<'XML'
<project><modelVersion>4.0.0</modelVersion><groupId>probe</groupId><artifactId>probe</artifactId><version>1</version>
<dependencies><dependency><groupId>software.amazon.event.ruler</groupId><artifactId>event-ruler</artifactId><version>2.1.0</version></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib
cat > Probe.java <<'JAVA'
import software.amazon.event.ruler.Ruler;
public class Probe {
  public static void main(String[] args) throws Exception {
    String event = "{\"action\":{\"connection\":{\"port\":22}},\"tags\":[],\"count\":0}";
    for (String key : new String[] {"action", "tags", "count"})
      for (boolean exists : new boolean[] {true, false})
        System.out.println(key + " exists " + exists + ": " + Ruler.matchesRule(event, "{\"" + key + "\":[{\"exists\":" + exists + "}]}"));
  }
}
JAVA
seen=$(java -cp 'lib/*' Probe.java)
echo "$seen"
[ "$seen" = 'action exists true: false
action exists false: true
tags exists true: false
tags exists false: true
count exists true: true
count exists false: false' ]
