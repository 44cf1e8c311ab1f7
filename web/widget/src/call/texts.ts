/** Every word of the call, Russian and English side by side. */
import type { Text } from "../texts";

export const title: Text = ["Звонок из браузера", "Call from the browser"];
export const intro: Text = [
  "Звоните прямо отсюда, телефон не нужен. Браузер спросит разрешение на микрофон: без него вас не услышат.",
  "Call right from here, no phone needed. The browser will ask for the microphone: without it nobody can hear you.",
];
export const number: Text = ["Ваш номер, если хотите: так быстрее найдём ваши прошлые обращения", "Your number, if you like: we find your earlier contacts faster"];
export const call: Text = ["Позвонить", "Call"];
export const notNow: Text = ["Не сейчас", "Not now"];
export const microphone: Text = ["Разрешите микрофон в окне браузера", "Allow the microphone in the browser's window"];
export const connecting: Text = ["Соединяем", "Connecting"];
export const menu: Text = ["Слушайте меню и нажимайте клавиши", "Listen to the menu and press keys"];
export const message: Text = ["Говорите после сигнала. В конце нажмите #", "Speak after the tone. Press # when you are done"];
export const queue: Text = ["Вы в очереди. Место и время скажет голос", "You are in line. A voice tells your place and the wait"];
export const talking: Text = ["Вас слушают", "You are connected"];
export const held: Text = ["Оператор сейчас вернётся", "The agent will be right back"];
export const grade: Text = ["Как поговорили? Нажмите от 1 до 5", "How was it? Press 1 to 5"];
export const lost: Text = ["Связь прервалась, восстанавливаем", "The connection broke, reconnecting"];
export const deviceLost: Text = ["Микрофон отключился. Подключите его или выберите другой", "The microphone is gone. Connect it or choose another one"];

export const mute: Text = ["Выключить микрофон", "Mute"];
export const unmute: Text = ["Включить микрофон", "Unmute"];
export const muted: Text = ["Микрофон выключен", "You are muted"];
export const keypad: Text = ["Клавиши", "Keypad"];
export const hangUp: Text = ["Завершить", "Hang up"];
export const sound: Text = ["Включить звук", "Turn the sound on"];
export const minimise: Text = ["Свернуть звонок", "Minimise the call"];
export const back: Text = ["Вернуться к звонку", "Back to the call"];
export const again: Text = ["Позвонить ещё раз", "Call again"];
export const write: Text = ["Написать в чат", "Write in the chat"];
export const close: Text = ["Закрыть", "Close"];

export const done: Text = ["Звонок завершён", "The call is over"];
export const gone: Text = ["Звонок прервался: связь не вернулась. Позвоните ещё раз", "The call broke off and did not come back. Please call again"];
export const moved: Text = ["Звонок продолжается в другой вкладке", "The call goes on in another tab"];
export const busy: Text = ["Сейчас очень много звонков. Позвоните чуть позже или напишите", "Very many people are calling. Call a little later, or write"];
export const closed: Text = ["Звонки сейчас не принимаются. Напишите, мы ответим", "Calls are not taken now. Write to us and we will answer"];
export const denied: Text = [
  "Микрофон запрещён. Разрешите его для этой страницы в настройках браузера, рядом с адресом",
  "The microphone is blocked. Allow it for this page in the browser's settings, next to the address",
];
export const browser: Text = [
  "Этот браузер не умеет звонить. Напишите нам в чат или позвоните с телефона",
  "This browser cannot call. Write to us in the chat, or call by telephone",
];
export const missing: Text = ["Микрофон не найден. Подключите его и позвоните ещё раз", "No microphone was found. Connect one and call again"];
export const taken: Text = ["Микрофон занят другой программой. Закройте её и позвоните ещё раз", "Another program uses the microphone. Close it and call again"];
export const badNumber: Text = ["Номер не похож на телефонный. Исправьте его или оставьте пустым", "This does not look like a phone number. Correct it or leave it empty"];
export const failed: Text = ["Не получилось соединить. Попробуйте ещё раз", "We could not connect you. Please try again"];
