import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import software.amazon.event.ruler.Machine;

/** Answers each line {"pattern": ..., "event": ...} of standard input: true, false, or why the pattern is refused. */
public final class Match {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper json = new ObjectMapper();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Map<String, Machine> machines = new HashMap<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode question = json.readTree(line);
      String pattern = question.get("pattern").toString();
      try {
        Machine machine = machines.get(pattern);
        if (machine == null) {
          machine = Machine.builder().build();
          machine.addRule("rule", pattern);
          machines.put(pattern, machine);
        }
        System.out.println(!machine.rulesForJSONEvent(question.get("event").toString()).isEmpty());
      } catch (Exception refusal) {
        System.out.println("refused: " + refusal.getMessage().lines().findFirst().orElse(""));
      }
    }
  }
}
